import { expect, it } from 'vitest';
import { hoursInWords, offered, weeksInWords } from './spans';

it('says hours as people do', () => {
  expect([0, 1, 24, 36, 72].map(hoursInWords)).toEqual(['No time: they may at once', '1 hour', '24 hours', '36 hours', '3 days']);
});

it('offers what is set now, too', () => {
  const values = (now: number): string[] => offered([1, 4, 0], now, weeksInWords).map(({ value }) => value);
  expect(values(4)).toEqual(['1', '4', '0']);
  expect(values(7)).toEqual(['1', '4', '0', '7']);
  expect(offered([1], 7, weeksInWords).at(-1)?.label).toBe('7 weeks');
});
