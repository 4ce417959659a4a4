import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { insist } from './fetched';

const network = new EventTarget();
let calls = 0;

beforeEach(() => {
  calls = 0;
  vi.useFakeTimers();
  vi.stubGlobal('addEventListener', network.addEventListener.bind(network));
});

afterEach(() => vi.useRealTimers());

/** Comes at the `nth` time. */
const comes = (nth: number) => (): Promise<string> => (++calls < nth ? Promise.reject(new TypeError('not fetched')) : Promise.resolve('here'));

it('is asked for until it comes', async () => {
  const part = insist(comes(4));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await part).toBe('here');
  expect(calls).toBe(4);
});

it('is asked for at once when the network is back', async () => {
  const part = insist(comes(2));
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toBe(1);
  network.dispatchEvent(new Event('online'));
  expect(await part).toBe('here');
  expect(vi.getTimerCount()).toBe(0);
});

it('is let go of when nobody wants it any more', async () => {
  const unwanted = new AbortController();
  const part = insist(comes(99), unwanted.signal);
  const said = expect(part).rejects.toThrow('not fetched');
  await vi.advanceTimersByTimeAsync(0);
  unwanted.abort();
  await said;
  expect(calls).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
