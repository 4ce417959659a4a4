import { expect, test } from 'vitest';
import { calls, callsOf, mentionsOf } from './rules';

const NOW = 1000;
const room = (level: 'all' | 'mentions' | 'nothing', mutedUntil = 0) => ({ level, mutedUntil });
const counted = { unread: 5, mentions: 2, markedUnread: false };

test('a message calls as far as one wants to be called in its room', () => {
  const both = (wanted: ReturnType<typeof room>) => [calls(wanted, false, NOW), calls(wanted, true, NOW)];
  expect(both(room('all'))).toEqual([true, true]);
  expect(both(room('mentions'))).toEqual([false, true]);
  expect(both(room('nothing'))).toEqual([false, false]);
});

test('while a room is muted nothing calls, and afterwards everything does again', () => {
  expect(calls(room('all', NOW + 1), true, NOW)).toBe(false);
  expect(calls(room('all', NOW), false, NOW)).toBe(true);
});

test('the title counts what calls', () => {
  expect(callsOf({ ...room('all'), ...counted }, NOW)).toBe(5);
  expect(callsOf({ ...room('mentions'), ...counted }, NOW)).toBe(2);
  expect(callsOf({ ...room('nothing'), ...counted }, NOW)).toBe(0);
  expect(callsOf({ ...room('all', NOW + 1), ...counted }, NOW)).toBe(0);
});

test('a room that was put aside counts as one', () => {
  expect(callsOf({ ...room('all'), unread: 0, mentions: 0, markedUnread: true }, NOW)).toBe(1);
});

test('mentions are counted apart, where they call', () => {
  expect([mentionsOf({ ...room('mentions'), mentions: 2 }, NOW), mentionsOf({ ...room('nothing'), mentions: 2 }, NOW)]).toEqual([2, 0]);
});
