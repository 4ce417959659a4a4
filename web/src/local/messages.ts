import type { Message } from '../wire/protocol.gen';
import type { ReadTx, Tx } from './schema';

export const all = (room: string) => IDBKeyRange.bound([room, 0], [room, Infinity]);
export const from = (room: string, seq: number) => IDBKeyRange.bound([room, seq], [room, Infinity]);
export const below = (room: string, seq: number) => IDBKeyRange.bound([room, 0], [room, seq], false, true);
const upTo = (room: string, seq: number) => IDBKeyRange.bound([room, 0], [room, seq]);

/** A message that was heard of: the newer `rev` wins, whatever order they come in. */
export async function upsert(tx: Tx, message: Message): Promise<void> {
  const store = tx.objectStore('messages');
  const held = await store.get([message.room, message.seq]);
  if (!held || held.rev < message.rev) await store.put(message);
}

/** The same for a run of one room, oldest first. One by one each would wait for the one before, and forty took longer
 * to keep than to draw. */
export async function upsertRun(tx: Tx, run: readonly Message[]): Promise<void> {
  const [first] = run;
  if (!first) return;
  const store = tx.objectStore('messages');
  const rows = await store.getAll(IDBKeyRange.bound([first.room, first.seq], [first.room, run.at(-1)!.seq]));
  const held = new Map(rows.map((row) => [row.seq, row.rev]));
  await Promise.all(run.filter(({ seq, rev }) => (held.get(seq) ?? -1) < rev).map((message) => store.put(message)));
}

/** Everything of a room's messages; `seq` limits it to what stood then: what changed later is still true, and
 * keeps an older page from bringing back what was deleted. */
export async function dropMessages(tx: Tx, room: string, seq = Infinity): Promise<void> {
  const store = tx.objectStore('messages');
  if (seq === Infinity) return store.delete(all(room));
  for (const row of await store.getAll(upTo(room, seq))) if (row.rev <= seq) await store.delete([room, row.seq]);
}

/** Begin to hold a room's log at `position`, with nothing in it yet. */
export async function beginLog(tx: Tx, log: string, position: number): Promise<void> {
  if (await tx.objectStore('logs').get(log)) return;
  await tx.objectStore('logs').put({ log, position, low: position + 1, floor: position, complete: false });
}

/** Too far behind: drop what is held, unless (false) another tab has already done so and gone on. */
export async function resetLog(tx: Tx, log: string, after: number, to: number): Promise<boolean> {
  const held = await tx.objectStore('logs').get(log);
  if (held && held.position >= to && after <= to) return false;
  const back = after > to;
  await dropMessages(tx, log, back ? Infinity : to);
  const floor = back ? to : Math.max(to, held?.floor ?? 0);
  const read = held?.read ? { read: held.read } : {};
  await tx.objectStore('logs').put({ log, position: to, low: to + 1, floor, complete: false, ...read });
  return true;
}

/**
 * Everything after `base` up to `to` is in the database now. Advances only what reaches up to `base`:
 * what lies in between for another tab's range would be a hole.
 */
export async function advance(tx: Tx, log: string, base: number, to: number): Promise<void> {
  const held = await tx.objectStore('logs').get(log);
  if (held && held.position >= base && held.position < to) await tx.objectStore('logs').put({ ...held, position: to });
}

/** The newest held message that is not deleted; looks at the last 50. */
export async function newestLiving(tx: Tx | ReadTx, room: string): Promise<Message | null> {
  const held = await tx.objectStore('logs').get(room);
  if (!held) return null;
  const rows = await backwards(tx, from(room, held.low), 50);
  return rows.findLast((row) => row.content !== null) ?? null;
}

/** The last `limit` rows of a range, oldest first. By their keys: a cursor would go back and forth for each row. */
export async function backwards(tx: Tx | ReadTx, range: IDBKeyRange, limit: number): Promise<Message[]> {
  const store = (tx as ReadTx).objectStore('messages');
  const keys = (await store.getAllKeys(range)).slice(-limit);
  return keys.length ? store.getAll(IDBKeyRange.bound(keys[0], keys.at(-1))) : [];
}
