import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sync } from '../../local/sync';
import { LIMITS, type Command } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { inWords, presences } from './presence.svelte';

let told: string[][];
let hidden: (() => void)[];

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  hidden = [];
  connection.state = 'online';
  vi.spyOn(connection, 'tell').mockImplementation((command: Command) => {
    if (command.op === 'watch') told.push(command.people);
    return true;
  });
});

afterEach(() => {
  for (const hide of hidden) hide();
  vi.runAllTimers();
  vi.useRealTimers();
});

const show = (...people: string[]) => hidden.push(...people.map((person) => presences.show(person)));
const hear = (person: string, state: 'online' | 'away' | 'offline', last_seen = 0) =>
  sync.changes.send({ type: 'passing', event: { op: 'presence', person, state, last_seen } });
const soon = () => vi.advanceTimersByTime(100);

test('all that comes on screen at once is one question, and the same again is none', () => {
  show('ben', 'cleo', 'ben');
  soon();
  expect(told).toEqual([['ben', 'cleo']]);
  hidden.pop()!();
  soon();
  expect(told).toHaveLength(1);
  hidden.pop()!();
  soon();
  expect(told.at(-1)).toEqual(['ben']);
});

test('a new connection is asked anew', () => {
  show('ben');
  soon();
  sync.changes.send({ type: 'settled', welcome: true });
  soon();
  expect(told).toEqual([['ben'], ['ben']]);
});

test('only of those who are on screen, and only with a connection', () => {
  show('ben');
  soon();
  hear('ben', 'online');
  hear('cleo', 'online');
  expect([presences.dot('ben'), presences.dot('cleo'), presences.dot(undefined)]).toEqual(['online', '', '']);
  connection.state = 'waiting';
  expect(presences.dot('ben')).toBe('');
  connection.state = 'online';
  hidden.pop()!();
  soon();
  expect(presences.dot('ben')).toBe('');
});

test('what comes while somebody is off the screen for a moment counts, and nothing that comes after they left', () => {
  show('ben');
  soon();
  hidden.pop()!();
  hear('ben', 'away');
  show('ben');
  soon();
  expect(told).toEqual([['ben']]);
  expect(presences.dot('ben')).toBe('away');
  hidden.pop()!();
  soon();
  hear('ben', 'online');
  show('ben');
  expect(presences.dot('ben')).toBe('');
});

test('never more than the server takes', () => {
  show(...Array.from({ length: 300 }, (_, n) => `person-${n}`));
  soon();
  expect(told[0]).toHaveLength(LIMITS.Watch.people.maxLength);
});

test('in words: how somebody is here, or when they were', () => {
  const now = new Date(2026, 5, 12, 20, 0).getTime();
  const seen = (day: number) => inWords({ state: 'offline', lastSeen: new Date(2026, 5, day, 9, 5).getTime() }, now);
  expect(inWords({ state: 'online', lastSeen: 0 }, now)).toBe('Online');
  expect(seen(12)).toMatch(/^Last seen at 0?9:05/);
  expect(seen(11)).toMatch(/^Last seen yesterday at 0?9:05/);
  expect(seen(9)).toBe('Last seen Tue');
  expect(inWords({ state: 'offline', lastSeen: 0 }, now)).toBe('');
});
