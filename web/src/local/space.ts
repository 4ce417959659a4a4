import { read, write } from './db';
import { evict } from './kept';
import { all } from './messages';
import { roomsOnScreen } from './reading';

/** What messages may take at most, in bytes; less where the browser gives less. */
const MOST = 50_000_000;
const SHARE = 0.25;
/** Beside its text a row costs its keys, names and places in two indexes. */
const ROW = 120;
/** What is given up for once should last for a while. */
const AFTERWARDS = 0.75;

/** What a room takes on this device, about. */
export interface Weight {
  room: string;
  bytes: number;
  messages: number;
  /** When somebody last looked into it (ms); 0: never. */
  read: number;
}

/** All rooms of which messages are held, least recently read first. */
export async function weigh(): Promise<Weight[]> {
  const logs = await read(['logs'], [], (tx) => tx.objectStore('logs').getAll());
  const weights: Weight[] = [];
  for (const { log: room, read: at = 0 } of logs) {
    const rows = await read(['messages'], [], (tx) => tx.objectStore('messages').getAll(all(room)));
    if (!rows.length) continue;
    const bytes = rows.reduce((sum, row) => sum + ROW + JSON.stringify(row).length, 0);
    weights.push({ room, bytes, messages: rows.length, read: at });
  }
  return weights.sort((a, b) => a.read - b.read);
}

/** How much messages may take, in bytes. */
export async function budget(): Promise<number> {
  const { quota = Infinity } = await estimate();
  return Math.min(MOST, quota * SHARE);
}

/** What the browser says of this site's storage; nothing where it says nothing. */
export async function estimate(): Promise<StorageEstimate & { usageDetails?: { caches?: number } }> {
  return (await globalThis.navigator?.storage?.estimate?.().catch(() => undefined)) ?? {};
}

/** Gives up rooms when all of them together have become too heavy. */
export async function keepWithin(most?: number): Promise<void> {
  const limit = most ?? (await budget());
  // Less than everything that this site stores, so that mostly nothing has to be weighed.
  if (((await estimate()).usage ?? Infinity) < limit) return;
  const weights = await weigh();
  const total = weights.reduce((sum, each) => sum + each.bytes, 0);
  if (total > limit) await giveUp(weights, total - limit * AFTERWARDS);
}

/** The disk is full: a quarter of what is held goes. False when there is nothing that could. */
export async function makeRoom(): Promise<boolean> {
  const weights = await weigh();
  const total = weights.reduce((sum, each) => sum + each.bytes, 0);
  return (await giveUp(weights, total * (1 - AFTERWARDS))) > 0;
}

/** Everything that can be fetched again goes, but for what is on screen; returns how many bytes, about. */
export async function freeSpace(): Promise<number> {
  return giveUp(await weigh(), Infinity);
}

/** One room's messages go, unless it is on screen. */
export async function freeRoom(room: string): Promise<number> {
  return giveUp((await weigh()).filter((each) => each.room === room), Infinity);
}

/** Least recently read first, and never a room on screen. What waits to be sent and drafts are not kept by room. */
async function giveUp(weights: Weight[], bytes: number): Promise<number> {
  const shown = await roomsOnScreen();
  let freed = 0;
  for (const { room, bytes: heavy } of weights) {
    if (freed >= bytes) break;
    if (shown.has(room)) continue;
    await write(['logs', 'messages'], (tx) => evict(tx, room), { full: true });
    freed += heavy;
  }
  return freed;
}
