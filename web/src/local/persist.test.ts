import { expect, test } from 'vitest';
import { isTime, visited, type Habit } from './persist';

const NEW: Habit = { visits: 0, last: 0, sent: 0, asked: false };
const DAY = 24 * 3600_000;

test('nobody is asked on the first visit before they have written a few messages', () => {
  const first = visited(NEW, DAY);
  expect(isTime(first)).toBe(false);
  expect(isTime({ ...first, sent: 2 })).toBe(false);
  expect(isTime({ ...first, sent: 3 })).toBe(true);
});

test('a reload is no second visit, and coming back is', () => {
  const first = visited(NEW, DAY);
  expect(visited(first, DAY + 60_000)).toBe(first);
  expect(isTime(visited(first, 2 * DAY))).toBe(true);
});

test('it is asked once', () => {
  expect(isTime({ visits: 9, last: DAY, sent: 99, asked: true })).toBe(false);
});
