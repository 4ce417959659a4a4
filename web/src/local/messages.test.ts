import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Page } from '../wire/protocol.gen';
import { applyEvent } from './apply';
import { write } from './db';
import { deleted, disk, edited, freshBrowser, HALL, ME, message, page, rows, told } from './fake';
import { heldAround, heldBefore, heldFrom } from './held';
import { evict, keeping, keepPage, noteRead, trim, type Asked } from './kept';
import { advance, beginLog, resetLog, upsert } from './messages';
import { STORES, type LogRecord, type Tx } from './schema';

const run = (work: (tx: Tx) => Promise<unknown>) => write(STORES, work);
const log = async () => (await disk()).logs[0] as LogRecord;
const keep = (wanted: Page, asked?: Asked) => run((tx) => keepPage(tx, wanted, asked));
const seqs = async () => (await rows()).map((row) => row.seq);

const MANY = keeping.ahead;

beforeEach(async () => {
  await freshBrowser();
  await run((tx) => beginLog(tx, HALL, 20));
});

test('of two versions the newer is held, whichever comes first', async () => {
  const first = message(21);
  await run(async (tx) => {
    await upsert(tx, edited(first, 23, 'newer'));
    await upsert(tx, first);
  });
  expect((await rows())[0]!.content).toEqual({ type: 'text', text: 'newer' });
});

test('the newest page begins the cache', async () => {
  await keep(page([message(18), message(19), message(20)], 20));
  expect(await log()).toMatchObject({ low: 18, position: 20, complete: false });
  const held = await heldBefore(HALL);
  expect(held.rows.map((row) => row.seq)).toEqual([18, 19, 20]);
});

test('a page that ends where the held rows begin is added; one with a hole is not', async () => {
  await keep(page([message(18), message(19), message(20)], 20));
  await keep(page([message(2), message(3)], 20, { has_after: true }), { before: 4 });
  expect((await heldBefore(HALL)).rows.map((row) => row.seq)).toEqual([18, 19, 20]);
  await keep(page([message(15), message(16)], 20, { has_after: true, has_before: false }), { before: 18 });
  expect(await log()).toMatchObject({ low: 15, complete: true });
});

test('a page that brings nothing new still tells that there is nothing before', async () => {
  await keep(page([], 20, { has_before: false }));
  expect(await log()).toMatchObject({ low: 21, position: 20, complete: true });
  expect(await heldBefore(HALL)).toMatchObject({ rows: [], more: false, complete: true });
});

test('nor does a later page of the same rows undo that', async () => {
  await keep(page([message(19), message(20)], 20, { has_before: false }));
  await keep(page([message(19), message(20)], 20));
  expect(await log()).toMatchObject({ low: 19, complete: true });
});

test('a page older than a deletion does not bring the text back', async () => {
  // The deletion of 15 comes before 15 itself, which is below everything held.
  await run(async (tx) => {
    await upsert(tx, deleted(message(15), 21));
    await advance(tx, HALL, 20, 21);
  });
  await keep(page([message(15), message(16)], 20));
  expect((await rows())[0]).toMatchObject({ seq: 15, content: null });
});

test('a page from before the floor is not kept at all', async () => {
  await run((tx) => tx.objectStore('logs').put({ log: HALL, position: 30, low: 31, floor: 30, complete: false }));
  await keep(page([message(15), message(16)], 20));
  expect(await seqs()).toEqual([]);
});

test('a newest page far ahead of what is held replaces it, since there may be more in between', async () => {
  await keep(page([message(19), message(20)], 20));
  await keep(page([message(90), message(91)], 95));
  expect(await seqs()).toEqual([90, 91]);
  expect(await log()).toMatchObject({ low: 90, position: 95, floor: 95 });
});

test('a newest page that overlaps is added, and the position stays: older rows may have changed', async () => {
  await keep(page([message(10), message(20)], 20));
  await keep(page([message(20), message(25)], 25));
  expect(await seqs()).toEqual([10, 20, 25]);
  expect(await log()).toMatchObject({ low: 10, position: 20 });
});

test('the position rises only from where this tab has had everything written', async () => {
  await run((tx) => advance(tx, HALL, 25, 30));
  expect((await log()).position).toBe(20);
  await run((tx) => advance(tx, HALL, 20, 30));
  await run((tx) => advance(tx, HALL, 10, 25));
  expect((await log()).position).toBe(30);
});

test('a reset drops the rows, unless another tab is already past it', async () => {
  await keep(page([message(19), message(20)], 20));
  await run((tx) => resetLog(tx, HALL, 5, 15));
  expect(await seqs()).toEqual([19, 20]);
  await run((tx) => resetLog(tx, HALL, 20, 900));
  expect(await seqs()).toEqual([]);
  expect(await log()).toMatchObject({ position: 900, low: 901 });
});

test('a server that was set back resets too', async () => {
  await keep(page([message(19), message(20)], 20));
  await run((tx) => resetLog(tx, HALL, 20, 12));
  expect(await seqs()).toEqual([]);
  expect((await log()).position).toBe(12);
});

test('trimming keeps the newest, and remembers that changes to older ones are not known any more', async () => {
  await run(async (tx) => {
    for (let seq = 21; seq <= 21 + MANY + 200; seq++) await upsert(tx, message(seq));
    await advance(tx, HALL, 20, 21 + MANY + 200);
    await trim(tx, HALL);
  });
  const held = await rows();
  expect(held).toHaveLength(MANY);
  expect(await log()).toMatchObject({ low: held[0]!.seq, floor: 21 + MANY + 200 });
});

test('a deletion that was given up with old rows still wins over an older page', async () => {
  await run(async (tx) => {
    for (let seq = 21; seq <= 21 + MANY + 200; seq++) await upsert(tx, message(seq));
    await upsert(tx, deleted(message(15), 900));
    await trim(tx, HALL);
  });
  const { low } = await log();
  await keep(page([message(15), message(low - 1)], 899), { before: low });
  expect((await rows()).some((row) => row.id === 'm15')).toBe(false);
});

test('a newest page that replaces what is held leaves newer deletions where they are', async () => {
  await run((tx) => upsert(tx, deleted(message(15), 99)));
  await keep(page([message(90), message(91)], 95));
  await keep(page([message(15), message(16)], 96), { before: 90 });
  expect((await rows()).find((row) => row.id === 'm15')).toMatchObject({ content: null });
});

test('runs come without holes, and say whether more is held', async () => {
  await keep(page([message(15), message(17), message(20)], 20, { has_before: false }));
  const newest = await heldBefore(HALL, Infinity, 2);
  expect([newest.rows.map((row) => row.seq), newest.more]).toEqual([[17, 20], true]);
  const rest = await heldBefore(HALL, 17, 2);
  expect([rest.rows.map((row) => row.seq), rest.more, rest.complete]).toEqual([[15], false, true]);
  expect((await heldFrom(HALL, 17))!.map((row) => row.seq)).toEqual([17, 20]);
  expect(await heldFrom(HALL, 3)).toBeNull();
});

test('a room that was read keeps more than one that was only fetched ahead', async () => {
  await run(async (tx) => {
    await noteRead(tx, HALL, 1000);
    for (let seq = 21; seq <= 400; seq++) await upsert(tx, message(seq));
    await advance(tx, HALL, 20, 400);
    await trim(tx, HALL);
  });
  expect(await rows()).toHaveLength(keeping.opened);
  expect(await log()).toMatchObject({ read: 1000 });
});

describe('around where one reads', () => {
  const far = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));
  const around = (from: number, to: number) => page(far(from, to), 20, { has_after: true });
  const span = async () => (await log()).span;

  beforeEach(() => keep(page([message(19), message(20)], 20)));

  test('a page that joins nothing is held beside the newest ones', async () => {
    await keep(around(5, 8));
    expect(await span()).toEqual({ low: 5, high: 8 });
    expect((await heldAround(HALL, 6)).map((row) => row.seq)).toEqual([5, 6, 7, 8]);
    expect(await heldAround(HALL, 9)).toEqual([]);
    expect((await heldBefore(HALL)).rows.map((row) => row.seq)).toEqual([19, 20]);
    expect(await heldFrom(HALL, 6)).toBeNull();
  });

  test('it grows in both directions, and into the newest ones', async () => {
    await keep(around(8, 10));
    await keep(around(6, 7), { before: 8 });
    await keep(around(11, 12), { after: 10 });
    expect(await span()).toEqual({ low: 6, high: 12 });
    await keep(page(far(13, 19), 20, { has_after: true }), { after: 12 });
    expect(await log()).toMatchObject({ low: 6, complete: false });
    expect(await span()).toBeUndefined();
  });

  test('another place takes its place', async () => {
    await keep(around(12, 14));
    await keep(around(3, 5));
    expect(await span()).toEqual({ low: 3, high: 5 });
    expect(await seqs()).toEqual([3, 4, 5, 19, 20]);
  });

  test('what is deleted in it is deleted, also when that is heard only after rows were given up', async () => {
    await keep(around(5, 8));
    await run(async (tx) => {
      for (let seq = 21; seq <= 200; seq++) await upsert(tx, message(seq));
      await upsert(tx, edited(message(2), 250, 'from beyond a gap'));
      await advance(tx, HALL, 20, 200);
      await trim(tx, HALL);
    });
    expect((await log()).floor).toBe(250);
    await run((tx) => applyEvent(tx, told(deleted(message(6), 220)), ME.id));
    expect((await heldAround(HALL, 6)).find((row) => row.seq === 6)!.content).toBeNull();
  });

  test('it is no longer than it may be, and is given up at the end that one comes from', async () => {
    await run((tx) => tx.objectStore('logs').put({ log: HALL, position: 900, low: 901, floor: 0, complete: false }));
    const wide = (from: number, to: number) => page(far(from, to), 900, { has_after: true });
    await keep(wide(300, 380));
    await keep(wide(381, 420), { after: 380 });
    expect(await span()).toEqual({ low: 421 - keeping.span, high: 420 });
    await keep(wide(281, 320), { before: 321 });
    expect(await span()).toEqual({ low: 281, high: 280 + keeping.span });
  });

  test('a room that is given up keeps its place in the log, and no row', async () => {
    await keep(around(5, 8));
    await run((tx) => evict(tx, HALL));
    expect(await seqs()).toEqual([]);
    expect(await log()).toEqual({ log: HALL, position: 20, low: 21, floor: 20, complete: false });
    await keep(page([message(5)], 19, { has_after: true }));
    expect(await seqs()).toEqual([]);
  });
});
