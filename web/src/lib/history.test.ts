import { beforeEach, expect, it, vi } from 'vitest';

/** The browser's own: entries, where one stands, and steps that take their time. */
class Fake {
  entries: { state: unknown; url: string }[] = [{ state: null, url: '/' }];
  at = 0;
  readonly #page = new EventTarget();

  get state(): unknown {
    return this.entries[this.at]?.state;
  }

  get pathname(): string {
    return this.entries[this.at]?.url ?? '';
  }

  pushState(state: unknown, _title: string, url = this.pathname): void {
    this.entries.splice(++this.at, Infinity, { state, url });
  }

  replaceState(state: unknown, _title: string, url = this.pathname): void {
    this.entries[this.at] = { state, url };
  }

  go(steps: number): void {
    setTimeout(() => {
      if (!this.entries[this.at + steps]) return;
      this.at += steps;
      this.#page.dispatchEvent(new Event('popstate'));
    }, 5);
  }

  addEventListener(name: string, listener: () => void): void {
    this.#page.addEventListener(name, listener);
  }

  /** What the browser's own buttons lead through. */
  get places(): string[] {
    return this.entries.map(({ url, state }) => url + '+'.repeat((state as { layers?: number } | null)?.layers ?? 0));
  }
}

let browser: Fake;
let places: typeof import('./history');

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  browser = new Fake();
  vi.stubGlobal('history', browser);
  vi.stubGlobal('location', browser);
  vi.stubGlobal('window', browser);
  places = await import('./history');
  places.start();
});

const rest = (): Promise<unknown> => vi.advanceTimersByTimeAsync(50);

it('closes what lies on top before it leaves the place', async () => {
  places.move('/room', false);
  const closed: string[] = [];
  places.layer(() => closed.push('panel'));
  places.layer(() => closed.push('dialog'));
  await rest();
  expect(browser.places).toEqual(['/', '/room', '/room+', '/room++']);
  browser.go(-1);
  await rest();
  expect(closed).toEqual(['dialog']);
  browser.go(-1);
  await rest();
  expect(closed).toEqual(['dialog', 'panel']);
  expect(browser.places[browser.at]).toBe('/room');
});

it('takes the entry of what was closed in another way out of the way back', async () => {
  places.move('/room', false);
  const closed = vi.fn();
  const done = places.layer(closed);
  await rest();
  done();
  done();
  await rest();
  expect(browser.places[browser.at]).toBe('/room');
  expect(closed).not.toHaveBeenCalled();
});

it('lets a dialog follow on a menu in the same entry', async () => {
  const done = places.layer(() => undefined);
  await rest();
  done();
  places.layer(() => undefined);
  await rest();
  expect(browser.places).toEqual(['/', '/+']);
});

it('goes from a dialog to a place in its stead', async () => {
  const done = places.layer(() => undefined);
  await rest();
  places.move('/room', false);
  done();
  await rest();
  expect(browser.places).toEqual(['/', '/room']);
  expect(places.cameFrom()).toBe('/');
});

it('goes to a place even from a dialog that another lies over', async () => {
  const closed = vi.fn();
  places.layer(closed, 'members');
  places.layer(() => undefined);
  await rest();
  places.move('/room', false);
  await rest();
  expect(browser.places).toEqual(['/', '/room']);
  expect(closed).toHaveBeenCalledOnce();
});

it('puts another place in the stead of the one that a dialog lies over', async () => {
  places.move('/room', false);
  places.layer(() => undefined);
  await rest();
  places.move('/', true);
  await rest();
  expect(browser.places.slice(0, 2)).toEqual(['/', '/']);
  expect(browser.at).toBe(1);
});

it('goes back from the place, not only from what lies over it', async () => {
  places.move('/room', false);
  places.layer(() => undefined);
  await rest();
  places.back();
  await rest();
  expect(browser.pathname).toBe('/');
});

it('finds a panel again after a reload and by going forward, and steps over what cannot be opened again', async () => {
  browser.entries = [
    { state: null, url: '/room' },
    { state: { layers: 1, name: 'members' }, url: '/room' },
  ];
  browser.at = 1;
  const again = vi.fn(() => void places.layer(() => undefined, 'members'));
  places.reopens('members', again);
  await rest();
  expect([again.mock.calls.length, browser.at]).toEqual([1, 1]);
  browser.go(-1);
  await rest();
  browser.go(1);
  await rest();
  expect([again.mock.calls.length, browser.at]).toEqual([2, 1]);
  browser.go(-1);
  await rest();
  browser.entries[1]!.state = { layers: 1 };
  browser.go(1);
  await rest();
  expect(browser.at).toBe(0);
});

it('keeps an entry for each that is open, whatever happens in whatever order', async () => {
  let seed = 11;
  const chance = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  let open: (() => void)[] = [];
  for (let step = 0; step < 400; step++) {
    const what = chance(6);
    if (what < 3 && open.length < 4) {
      const done = places.layer(() => (open = open.filter((each) => each !== done)));
      open.push(done);
    } else if (what === 3) open.splice(chance(open.length + 1), 1)[0]?.();
    else if (what === 4) {
      places.move(`/${step}`, chance(2) === 0);
      for (const each of open.splice(0)) each();
    } else if (browser.at > 0) browser.go(-1);
    if (chance(3)) await vi.advanceTimersByTimeAsync(chance(8));
    if (chance(8)) continue;
    await rest();
    expect((browser.state as { layers?: number } | null)?.layers ?? 0).toBe(open.length);
  }
});
