import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Command } from '../../wire/protocol.gen';
import { ReadMarks } from './reads';

let told: number[];
let marks: ReadMarks;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'visible' });
  told = [];
  marks = new ReadMarks((command: Command) => told.push(command.op === 'read' ? command.seq : 0) > 0);
});
afterEach(() => void vi.useRealTimers());

test('the first is told at once, then at most one a second, the furthest', () => {
  for (const seq of [1, 2, 3, 2]) marks.mark('hall', seq);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([1, 3]);
  vi.advanceTimersByTime(5000);
  marks.mark('hall', 4);
  expect(told).toEqual([1, 3, 4]);
});

test('rooms do not wait for each other', () => {
  marks.mark('hall', 1);
  marks.mark('porch', 7);
  expect(told).toEqual([1, 7]);
});

test('whoever turns away waits for nothing, and nothing is told twice', () => {
  marks.mark('hall', 1);
  marks.mark('hall', 2);
  marks.hurry();
  expect(told).toEqual([1, 2]);
  vi.stubGlobal('document', { visibilityState: 'hidden' });
  marks.mark('hall', 3);
  expect(told).toEqual([1, 2, 3]);
  vi.advanceTimersByTime(5000);
  expect(told).toEqual([1, 2, 3]);
});
