import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { breath } from './breath';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives way once there was no time for others for a while, and then works on', async () => {
  let time = 0;
  const rest = breath(6, () => time);
  time = 5;
  expect(rest()).toBeUndefined();
  time = 6;
  const resting = rest();
  expect(resting).toBeInstanceOf(Promise);
  time = 50;
  await vi.runAllTimersAsync();
  await resting;
  time = 55;
  expect(rest()).toBeUndefined();
});
