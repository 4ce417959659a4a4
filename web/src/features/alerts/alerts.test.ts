import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deleted, edited, freshBrowser, HALL, joinedHall, ME, message, told } from '../../local/fake';
import { sync } from '../../local/sync';
import { rooms } from '../rooms/rooms.svelte';
import { alerts } from './alerts.svelte';
import { claim } from './tabs';

const page = Object.assign(new EventTarget(), { visibilityState: 'visible', hasFocus: () => true });

beforeEach(async () => {
  await freshBrowser();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('document', page);
  page.visibilityState = 'visible';
  sync.begin(ME.id, [], () => new Promise(() => undefined));
  const welcome = { op: 'welcome' as const, id: '', account: ME.id, device: 'device', now: 0, heartbeat_s: 30 };
  sync.welcome({ ...welcome, logs: [{ log: ME.id, after: 0, to: 1, reset: true, events: [joinedHall(1, 5)] }], summaries: [] });
  await Promise.resolve();
  rooms.current = null;
  alerts.drop(HALL);
});
afterEach(() => void vi.useRealTimers());

const shown = () => alerts.list.map(({ text, count }) => [text, count]);

test('messages of one room share one place, which goes after a while', () => {
  sync.event(told(message(6)));
  sync.event(told(message(7)));
  expect(shown()).toEqual([['text 7', 2]]);
  vi.advanceTimersByTime(7000);
  expect(shown()).toEqual([]);
});

test('nothing goes by itself while somebody points at it', () => {
  sync.event(told(message(6)));
  alerts.hold(true);
  vi.advanceTimersByTime(60_000);
  expect(shown()).toHaveLength(1);
  alerts.hold(false);
  vi.advanceTimersByTime(7000);
  expect(shown()).toEqual([]);
});

test('changes and my own words are no news', () => {
  sync.event(told(message(6, { author: ME.id })));
  sync.event(told(edited(message(3), 7, 'x')));
  sync.event(told(deleted(message(4), 8)));
  expect(shown()).toEqual([]);
});

test('the room on screen calls nobody, and a hidden page shows nothing', () => {
  rooms.current = HALL;
  sync.event(told(message(6)));
  rooms.current = null;
  page.visibilityState = 'hidden';
  sync.event(told(message(7)));
  expect(shown()).toEqual([]);
});

test('what was read on another device is no news any more', () => {
  sync.event(told(message(6)));
  sync.event({ op: 'read', log: ME.id, seq: 2, room: HALL, read_seq: 6, unread: 0 });
  expect(shown()).toEqual([]);
});

test('of two tabs one speaks', async () => {
  vi.useRealTimers();
  const taken = new Set<string>();
  const request = (async (name: string, _how: unknown, then: (lock: object | null) => unknown) => {
    const free = !taken.has(name);
    taken.add(name);
    void then(free ? {} : null);
  }) as unknown as LockManager['request'];
  expect([await claim('m1', { request }), await claim('m1', { request }), await claim('m2', { request })]).toEqual([true, false, true]);
});
