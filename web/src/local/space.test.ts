import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../wire/protocol.gen';
import { read, storageProblem, write } from './db';
import { disk, freshBrowser, message } from './fake';
import { noteRead } from './kept';
import { advance, beginLog, upsert } from './messages';
import { Outbox } from './outbox';
import { reading } from './reading';
import { freeRoom, freeSpace, keepWithin, weigh } from './space';

const ROOMS = ['hall', 'garden', 'cellar', 'attic'];
const ROWS = 30;

/** `read`: when each was last looked into; 0: never. */
async function furnish(read: number[]): Promise<void> {
  await write(['logs', 'messages'], async (tx) => {
    for (const [i, room] of ROOMS.entries()) {
      await beginLog(tx, room, 0);
      for (let seq = 1; seq <= ROWS; seq++) await upsert(tx, message(seq, { room, id: `${room}-${seq}` }));
      await advance(tx, room, 0, ROWS);
      if (read[i]) await noteRead(tx, room, read[i]!);
    }
  });
}

const left = async () => [...new Set(((await disk()).messages as Message[]).map((row) => row.room))].sort();

/** A disk that has room for so many messages and no more. */
function fullAt(most: number): void {
  const add = IDBObjectStore.prototype.add;
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (rowsNow <= most) return add.apply(this, args);
    throw new DOMException('full', 'QuotaExceededError');
  });
  const remove = IDBObjectStore.prototype.delete;
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === 'messages') rowsNow -= 1;
    return remove.apply(this, args);
  });
}
let rowsNow = 0;

beforeEach(async () => {
  await freshBrowser();
  reading(null);
  rowsNow = ROOMS.length * ROWS;
});

test('what each room takes is told, least recently read first', async () => {
  await furnish([40, 0, 10, 30]);
  const weights = await weigh();
  expect(weights.map((each) => each.room)).toEqual(['garden', 'cellar', 'attic', 'hall']);
  expect(weights[0]!.messages).toBe(ROWS);
  expect(weights[0]!.bytes).toBeGreaterThan(ROWS * 100);
});

test('over the budget the least recently read rooms go, and only as many as have to', async () => {
  await furnish([40, 0, 10, 30]);
  const total = (await weigh()).reduce((sum, each) => sum + each.bytes, 0);
  await keepWithin(total + 1);
  expect(await left()).toEqual([...ROOMS].sort());
  await keepWithin(total * 0.9);
  expect(await left()).toEqual(['attic', 'hall']);
});

test('freeing space leaves the room on screen, drafts and what waits to be sent', async () => {
  await furnish([40, 0, 10, 30]);
  await write(['drafts'], (tx) => tx.objectStore('drafts').put({ room: 'garden', text: 'half a', at: 1 }));
  await new Outbox().post('attic', 'on its way');
  reading('cellar');
  expect(await freeRoom('cellar')).toBe(0);
  expect(await freeSpace()).toBeGreaterThan(0);
  expect(await left()).toEqual(['cellar']);
  const { outbox, drafts, logs } = await disk();
  expect([outbox.length, drafts.length, logs.length]).toEqual([1, 1, ROOMS.length]);
});

test('on a full disk something old gives way, and the message is kept', async () => {
  await furnish([40, 0, 10, 30]);
  const told = vi.fn();
  storageProblem.on(told);
  fullAt(ROOMS.length * ROWS - 1);
  await new Outbox().post('hall', 'important');
  expect((await disk()).outbox).toHaveLength(1);
  expect(await left()).toEqual(['attic', 'cellar', 'hall']);
  expect(told).not.toHaveBeenCalled();
});

test('where nothing can give way it is told, once, and nothing is lost', async () => {
  await furnish([40, 0, 10, 30]);
  const told = vi.fn();
  storageProblem.on(told);
  fullAt(-1);
  await expect(new Outbox().post('hall', 'important')).rejects.toThrow();
  expect(told).toHaveBeenCalledWith('full');
  expect(await read(['outbox'], [], (tx) => tx.objectStore('outbox').getAll())).toEqual([]);
});
