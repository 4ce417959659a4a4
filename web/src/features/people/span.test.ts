import { expect, test } from 'vitest';
import { endOf } from './span';

const at = (day: number, hour = 0): number => new Date(2025, 8, day, hour).getTime();

test('a status ends when it was said to', () => {
  const now = at(17, 15); // a Wednesday
  expect(endOf('never', now)).toBe(0);
  expect(endOf('half', now) - now).toBe(1_800_000);
  expect(endOf('hour', now) - now).toBe(3_600_000);
  expect(endOf('four', now)).toBe(at(17, 19));
  expect(endOf('day', now)).toBe(at(18));
  expect(endOf('week', now)).toBe(at(22));
});

test('the week ends on Sunday night, also for whoever says so on Sunday', () => {
  expect(endOf('week', at(21, 23))).toBe(at(22));
  expect(endOf('week', at(22, 1))).toBe(at(29));
});
