import { expect, test } from 'vitest';
import { backoff } from './backoff';
import { ServerClock } from './clock';
import { describeDevice } from './device';
import { mint } from './ids';

test('ids have the server’s form, differ, and sort by time', () => {
  const ids = [mint(1000), mint(2000), mint(1_790_000_000_000)];
  for (const id of ids) expect(id).toMatch(/^[0-9a-v]{26}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => mint())).size).toBe(1000);
});

test('backoff grows to its cap and is spread over the whole range', () => {
  expect(backoff(3, 500, 30_000, () => 1)).toBe(4000);
  expect(backoff(99, 500, 30_000, () => 1)).toBe(30_000);
  expect(backoff(3, 500, 30_000, () => 0)).toBe(0);
});

test('the clock trusts the quickest round trip', () => {
  const clock = new ServerClock();
  clock.sample(1000, 6050, 1100);
  clock.sample(2000, 7900, 3000);
  expect(clock.now(10_000)).toBe(15_000);
});

test('devices are told apart', () => {
  const pixel = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36';
  expect(describeDevice(pixel)).toEqual({ device_name: 'Chrome on Android', device_kind: 'phone' });
  const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/18.0 Safari/605.1';
  expect(describeDevice(mac)).toEqual({ device_name: 'Safari on Mac', device_kind: 'desktop' });
});
