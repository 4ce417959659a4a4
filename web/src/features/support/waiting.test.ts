import { expect, test } from 'vitest';
import { lengthOf } from './waiting';

const MINUTE = 60_000;

test('how long somebody waits is said in the largest whole unit', () => {
  const spans = [0, MINUTE - 1, MINUTE, 59.9 * MINUTE, 90 * MINUTE, 47 * 60 * MINUTE, 72 * 60 * MINUTE];
  expect(spans.map(lengthOf)).toEqual(['', '', '1 minute', '59 minutes', '1 hour', '1 day', '3 days']);
});
