import { expect, test } from 'vitest';
import { amountIn } from './gift';

test('a whole number of credits can be given, and nothing else', () => {
  expect(['5', ' 25 ', '1000000'].map(amountIn)).toEqual([5, 25, 1_000_000]);
  expect(['', '0', '-5', '2.5', '1e3', 'ten', '1000001', '99999999'].map(amountIn)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});
