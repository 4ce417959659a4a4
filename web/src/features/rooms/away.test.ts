import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../../wire/protocol.gen';
import { Away, AWAY_AFTER, HIDDEN_AFTER } from './away';

let told: boolean[];
let page: EventTarget & { visibilityState: string };
let away: Away;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  away = new Away((command: Command) => told.push(command.op === 'away' && command.away) > 0, page);
});

afterEach(() => {
  away.stop();
  vi.useRealTimers();
});

const touch = () => page.dispatchEvent(new Event('pointermove'));
const turn = (visibilityState: string) => {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event('visibilitychange'));
};

test('whoever touches nothing for five minutes is away until they do', () => {
  vi.advanceTimersByTime(AWAY_AFTER - 1);
  touch();
  vi.advanceTimersByTime(AWAY_AFTER - 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true]);
  touch();
  expect(told).toEqual([true, false]);
  vi.advanceTimersByTime(AWAY_AFTER);
  expect(told).toEqual([true, false, true]);
});

test('a page that is hidden is away sooner, but not for a look elsewhere', () => {
  turn('hidden');
  vi.advanceTimersByTime(HIDDEN_AFTER - 1);
  turn('visible');
  vi.advanceTimersByTime(HIDDEN_AFTER);
  expect(told).toEqual([]);
  turn('hidden');
  vi.advanceTimersByTime(HIDDEN_AFTER);
  expect(told).toEqual([true]);
  turn('visible');
  expect(told).toEqual([true, false]);
});

test('a new connection is told again only of being away', () => {
  away.again();
  expect(told).toEqual([]);
  vi.advanceTimersByTime(AWAY_AFTER);
  away.again();
  expect(told).toEqual([true, true]);
});
