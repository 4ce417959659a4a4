import { beforeEach, expect, test, vi } from 'vitest';
import { Seat } from './seat';

type Request = Pick<LockManager, 'request'>;

let stored: Map<string, string>;

beforeEach(() => {
  stored = new Map();
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => stored.set(key, value) });
});

/** Of one browser: whoever has a lock has it until its page goes. */
function browser(): Request & { held: Set<string> } {
  const held = new Set<string>();
  const request = ((name: string, _options: unknown, hold: () => Promise<void>) => {
    if (held.has(name)) return Promise.reject(new DOMException('', 'TimeoutError'));
    held.add(name);
    return hold();
  }) as unknown as LockManager['request'];
  return { request, held };
}

test('a page that is loaded anew has its seat again, with what it has to know', async () => {
  const one = await Seat.take(browser());
  one.keep({ call: 'c', muted: true, camera: false, since: 7 });
  const again = await Seat.take(browser());
  expect([again.id, again.keptOf('c')?.since, again.keptOf('another')]).toEqual([one.id, 7, null]);
});

test('a tab that was doubled gets a seat of its own, though what it stood in was copied', async () => {
  const locks = browser();
  const one = await Seat.take(locks);
  const copy = await Seat.take(locks);
  expect(copy.id).not.toBe(one.id);
});

test('what another call left is not forgotten with this one', async () => {
  const seat = await Seat.take(browser());
  seat.keep({ call: 'c', muted: false, camera: false, since: 1 });
  seat.forget('another');
  expect(seat.keptOf('c')).not.toBe(null);
  seat.forget('c');
  expect((await Seat.take(browser())).keptOf('c')).toBe(null);
});

test('a browser without locks or a store still has a seat', async () => {
  vi.stubGlobal('sessionStorage', { getItem: () => '{broken', setItem: () => { throw new Error('full'); } });
  expect((await Seat.take(undefined)).id).toHaveLength(26);
});
