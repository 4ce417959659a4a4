import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { write } from '../../local/db';
import { freshBrowser, message, page, told } from '../../local/fake';
import { beginLog } from '../../local/messages';
import { sync } from '../../local/sync';
import { timelineOf, timelinesKept } from './timelines';

const ROOMS = Array.from({ length: 50 }, (_, i) => `room-${i}`);

beforeEach(async () => {
  await freshBrowser();
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('fetch', async (address: string) => {
    const room = new URL(address, 'http://x').pathname.split('/')[3]!;
    const rows = Array.from({ length: 40 }, (_, i) => message(11 + i, { room, id: `${room}-${11 + i}` }));
    return { ok: true, status: 200, json: async () => ({ ...page(rows, 50), room }) };
  });
  await write(['logs'], async (tx) => {
    for (const room of ROOMS) await beginLog(tx, room, 50);
  });
});

test('fifty rooms opened in turn do not keep fifty timelines, and the one on screen stays', async () => {
  const first = timelineOf(ROOMS[0]!);
  await first.open();
  for (const room of ROOMS.slice(1)) {
    const timeline = timelineOf(room);
    await timeline.open();
    timeline.close();
  }
  expect(timelinesKept()).toBeLessThan(10);
  expect(timelineOf(ROOMS[0]!)).toBe(first);
  expect(first.items).toHaveLength(40);
  expect(timelineOf(ROOMS[3]!).items).toEqual([]);
});

test('an hour of traffic leaves what is in memory as large as it was', async () => {
  const shown = timelineOf('room-1');
  const left = timelineOf('room-2');
  await shown.open();
  await left.open();
  left.close();
  sync.begin('account-ada', ['room-1', 'room-2'].map((log) => ({ log, position: 50, low: 51, floor: 50, complete: false })), () => Promise.reject(new Error()));
  for (let seq = 51; seq <= 3650; seq++) {
    for (const room of ['room-1', 'room-2']) sync.event(told(message(seq, { room, id: `${room}-${seq}` })));
    // As whoever looks at the end of it does with each that comes.
    shown.lighten();
    if (seq % 100 === 0) await Promise.resolve();
  }
  await new Promise((done) => setImmediate(done));
  expect(shown.items.length).toBeLessThanOrEqual(1000);
  expect(left.items.length).toBeLessThanOrEqual(400);
  expect(shown.items.at(-1)!.message!.id).toBe('room-1-3650');
  expect(left.items.at(-1)!.message!.id).toBe('room-2-3650');
  const run = shown.items.map((item) => item.seq);
  expect(run).toEqual(Array.from({ length: run.length }, (_, i) => run[0]! + i));
  shown.close();
});
