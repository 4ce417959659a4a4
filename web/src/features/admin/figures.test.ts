import { expect, it } from 'vitest';
import { countOf, figureOf, sizeOf } from './figures';

it('says sizes in the unit that fits', () => {
  expect([0, 512, 2048, 5_600_000, 3 * 1024 ** 3].map(sizeOf)).toEqual(['0 byte', '512 byte', '2 kB', '5.3 MB', '3 GB']);
});

it('says figures with their unit, and no more digits than mean something', () => {
  expect(figureOf(0.25, 'ms')).toBe('0.3 ms');
  expect(figureOf(2500, 'ms')).toBe('2.5 sec');
  expect(figureOf(42.04, 'MiB')).toBe('42 MB');
  expect(figureOf(1536, 'MiB')).toBe('1.5 GB');
  expect(figureOf(12.4, '%')).toBe('12%');
  expect(figureOf(3.25, '/s')).toBe('3.3 /s');
  expect(figureOf(1234, '')).toBe('1,234');
});

it('knows which counts are sizes', () => {
  expect(countOf('database_bytes', 1024 * 1024)).toBe('1 MB');
  expect(countOf('members', 20_000)).toBe('20,000');
});
