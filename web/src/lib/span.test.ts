import { expect, it } from 'vitest';
import { clockSpan, fromNow } from './span';
import { dateOf } from './time';

const NOW = Date.UTC(2026, 4, 20, 12);

it.each([
  [-20_000, 'Just now'],
  [20_000, 'Just now'],
  [-5 * 60_000, '5 min. ago'],
  [-90 * 60_000, '1 hr. ago'],
  [49 * 3_600_000, 'in 2 days'],
])('says %d ms from now as %s', (span, said) => {
  expect(fromNow(NOW + span, NOW)).toBe(said);
});

it('gives the date of what is far away', () => {
  const at = NOW - 90 * 86_400_000;
  expect(fromNow(at, NOW)).toBe(dateOf(at));
});

it.each([
  [0, '0:00'],
  [-5, '0:00'],
  [1, '0:01'],
  [9000, '0:09'],
  [270_000, '4:30'],
  [3_870_000, '1:04:30'],
])('counts %d ms down as %s', (ms, shown) => {
  expect(clockSpan(ms)).toBe(shown);
});
