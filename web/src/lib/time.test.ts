import { expect, it } from 'vitest';
import { dayName, dayOf, dayTime, shortTime } from './time';

const NOON = new Date(2026, 4, 20, 12, 0).getTime();
const HOUR = 3_600_000;

it('counts days by the calendar, not by 24 hours', () => {
  const lateEvening = new Date(2026, 4, 19, 23, 59).getTime();
  const justAfter = new Date(2026, 4, 20, 0, 1).getTime();
  expect(dayOf(justAfter) - dayOf(lateEvening)).toBe(1);
});

it('names days as people do', () => {
  expect(dayName(NOON - HOUR, NOON)).toBe('Today');
  expect(dayName(NOON - 24 * HOUR, NOON)).toBe('Yesterday');
  expect(dayName(NOON - 72 * HOUR, NOON)).toContain('Sunday');
  expect(dayName(NOON - 400 * 24 * HOUR, NOON)).toContain('2025');
});

it('names them small within a sentence', () => {
  expect(dayName(NOON - HOUR, NOON, true)).toBe('today');
  expect(shortTime(NOON - 24 * HOUR, NOON, true)).toBe('yesterday');
  expect(dayTime(NOON - 24 * HOUR, NOON)).toMatch(/^yesterday, /);
});

it('is short in lists', () => {
  expect(shortTime(NOON - 24 * HOUR, NOON)).toBe('Yesterday');
  expect(shortTime(NOON - 72 * HOUR, NOON)).toBe('Sun');
});
