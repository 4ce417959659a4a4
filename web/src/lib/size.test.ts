import { expect, test } from 'vitest';
import { bytesInWords } from './size';

test('sizes are said as people say them', () => {
  expect([0, 1400, 999_400, 999_600, 3_440_000, 12_600_000, 5e9].map(bytesInWords)).toEqual([
    '0 kB',
    '1 kB',
    '999 kB',
    '1 MB',
    '3.4 MB',
    '13 MB',
    '5 GB',
  ]);
});
