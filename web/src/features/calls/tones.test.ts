import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let started: number;
let state: AudioContextState;
let page: EventTarget;

class Context {
  currentTime = 0;
  destination = {};
  get state() {
    return state;
  }
  resume = async () => void (state = navigator.userActivation.hasBeenActive ? 'running' : state);
  createGain = () => ({ gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {}, setTargetAtTime() {} }, connect: (to: unknown) => to });
  createOscillator = () => ({ frequency: {}, connect: (to: unknown) => to, start: () => (started += 1), stop() {} });
}

async function fresh(touched: boolean) {
  vi.resetModules();
  [started, state, page] = [0, 'suspended', new EventTarget()];
  vi.stubGlobal('AudioContext', Context);
  vi.stubGlobal('navigator', { userActivation: { hasBeenActive: touched } });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  return import('./tones');
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('it rings again and again until it is answered, and not once more', async () => {
  const { sound } = await fresh(true);
  const stop = sound('ring');
  await vi.advanceTimersByTimeAsync(0);
  const once = started;
  expect(once).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(3000);
  expect(started).toBe(2 * once);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toBe(2 * once);
});

test('what is answered before the browser could make a sound makes none', async () => {
  const { sound } = await fresh(true);
  sound('ring')();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toBe(0);
});

test('a page that nobody has touched rings from the first touch on', async () => {
  const { sound } = await fresh(false);
  sound('ring');
  await vi.advanceTimersByTimeAsync(6000);
  expect(started).toBe(0);
  Object.assign(navigator.userActivation, { hasBeenActive: true });
  page.dispatchEvent(new Event('pointerdown'));
  await vi.advanceTimersByTimeAsync(3000);
  expect(started).toBeGreaterThan(0);
});

test('a moment that is over is not sounded later', async () => {
  const { sound } = await fresh(true);
  sound('over');
  await vi.advanceTimersByTimeAsync(0);
  const once = started;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(started).toBe(once);
});
