import { expect, it } from 'vitest';
import { appleHint } from './apple';

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15';
const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36';

it.each([
  ['an iPhone', IPHONE, 5, true],
  ['an iPad, which says that it is a Mac', MAC, 5, true],
  ['a Mac', MAC, 0, false],
  ['an Android phone, whose browser offers it by itself', ANDROID, 5, false],
])('how to install by hand is told on %s: %#', (_, userAgent, maxTouchPoints, told) => {
  expect(appleHint({ userAgent, maxTouchPoints }, false)).toBe(told);
});

it('is not told where the app is installed', () => {
  expect(appleHint({ userAgent: IPHONE, maxTouchPoints: 5 }, true)).toBe(false);
});
