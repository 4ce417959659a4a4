import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { disk, freshBrowser, HALL, joinedHall, ME, message, told } from '../../local/fake';
import type { RoomRecord } from '../../local/schema';
import { sync } from '../../local/sync';
import { ApiError } from '../../wire/errors';
import { connection } from '../connection.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { attention } from './attention.svelte';

let refused = false;
const drawn = () => new Promise((done) => setTimeout(done));
const onDisk = async () => ((await disk()).rooms as RoomRecord[])[0]!;

beforeEach(async () => {
  await freshBrowser();
  refused = false;
  vi.stubGlobal('navigator', { onLine: true });
  vi.spyOn(connection, 'carryOut').mockImplementation(async () => {
    if (refused) throw new ApiError('rate_limited', 'Too fast.');
    return { op: 'ack', id: '' };
  });
  sync.begin(ME.id, [], () => new Promise(() => undefined));
  const welcome = { op: 'welcome' as const, id: '', account: ME.id, device: 'device', now: 0, heartbeat_s: 30 };
  sync.welcome({ ...welcome, logs: [{ log: ME.id, after: 0, to: 1, reset: true, events: [joinedHall(1, 5)] }], summaries: [] });
  await drawn();
});

test('what one wants to be told of shows at once, on disk too, and is as it was when refused', async () => {
  await attention.set(HALL, 'mentions', 7);
  await drawn();
  expect(rooms.get(HALL)).toMatchObject({ level: 'mentions', mutedUntil: 7 });
  expect(await onDisk()).toMatchObject({ level: 'mentions', mutedUntil: 7 });
  refused = true;
  await expect(attention.set(HALL, 'nothing', 0)).rejects.toThrow();
  await drawn();
  expect(rooms.get(HALL)).toMatchObject({ level: 'mentions', mutedUntil: 7 });
});

test('a room is put aside, and not when the server refuses', async () => {
  await attention.markUnread(HALL);
  await drawn();
  expect(rooms.get(HALL)?.markedUnread).toBe(true);
  await attention.markRead(HALL);
  await drawn();
  expect(rooms.get(HALL)?.markedUnread).toBe(false);
  refused = true;
  await expect(attention.markUnread(HALL)).rejects.toThrow();
  await drawn();
  expect(rooms.get(HALL)?.markedUnread).toBe(false);
});

test('everything counts as read when one says so', async () => {
  sync.event(told(message(6, { mentions: [ME.id] })));
  await drawn();
  expect(rooms.get(HALL)).toMatchObject({ unread: 1, mentions: 1 });
  await attention.markRead(HALL);
  await drawn();
  expect(rooms.get(HALL)).toMatchObject({ unread: 0, mentions: 0, readSeq: 6 });
});
