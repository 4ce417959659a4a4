import type { Message, Page } from '../wire/protocol.gen';
import type { LogRecord, ReadTx, Tx } from './schema';

/** Newest messages kept per room. */
export const KEEP = 500;
const SLACK = 100;

const all = (room: string) => IDBKeyRange.bound([room, 0], [room, Infinity]);
export const from = (room: string, seq: number) => IDBKeyRange.bound([room, seq], [room, Infinity]);
const below = (room: string, seq: number) => IDBKeyRange.bound([room, 0], [room, seq], false, true);
const upTo = (room: string, seq: number) => IDBKeyRange.bound([room, 0], [room, seq]);

/** A message that was heard of: the newer `rev` wins, whatever order they come in. */
export async function upsert(tx: Tx, message: Message): Promise<void> {
  const store = tx.objectStore('messages');
  const held = await store.get([message.room, message.seq]);
  if (!held || held.rev < message.rev) await store.put(message);
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
  await tx.objectStore('logs').put({ log, position: to, low: to + 1, floor, complete: false });
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

/** Keep a page of the server, as far as it joins what is held. `before` is what was asked for, if that. */
export async function keepPage(tx: Tx, page: Page, before = 0): Promise<void> {
  const logs = tx.objectStore('logs');
  const held = await logs.get(page.room);
  // Older than changes that are no longer held: it could bring back what was deleted since.
  if (!held || page.head < held.floor) return;
  for (const person of page.people) await tx.objectStore('people').put(person);
  const first = page.messages[0]?.seq ?? (before || page.head + 1);
  const joined = before ? joinBefore(held, page, first, before) : joinNewest(held, page, first);
  if (joined && (await fits(tx, held, page, before))) {
    if (joined.position !== held.position) await dropMessages(tx, page.room, page.head);
    await logs.put(joined);
    for (const message of page.messages) await upsert(tx, message);
  }
  for (const message of page.quoted) await upsert(tx, message);
}

function joinBefore(held: LogRecord, page: Page, first: number, before: number): LogRecord | null {
  if (before < held.low) return null;
  if (first >= held.low) return page.has_before ? null : { ...held, complete: true };
  return { ...held, low: first, complete: !page.has_before };
}

function joinNewest(held: LogRecord, page: Page, first: number): LogRecord | null {
  if (page.has_after || page.head < held.low - 1) return null;
  // Newer than all that is held, and there may be more between the two: start anew with the page.
  if (page.has_before && page.head > held.position && first > held.position) {
    return { ...held, position: page.head, low: first, floor: page.head, complete: false };
  }
  return first < held.low ? { ...held, low: first, complete: !page.has_before } : held;
}

async function fits(tx: Tx, held: LogRecord, page: Page, before: number): Promise<boolean> {
  if (!before) return true;
  return (await tx.objectStore('messages').count(from(page.room, held.low))) + page.messages.length <= KEEP;
}

/** Trim every room. */
export async function trimAll(tx: Tx): Promise<void> {
  for (const log of await tx.objectStore('logs').getAllKeys()) await trim(tx, log);
}

/** Give up the oldest rows when there are many more than KEEP. */
export async function trim(tx: Tx, room: string): Promise<void> {
  const held = await tx.objectStore('logs').get(room);
  if (!held) return;
  if ((await tx.objectStore('messages').count(from(room, held.low))) <= KEEP + SLACK) return;
  const keys = await tx.objectStore('messages').getAllKeys(from(room, held.low));
  const low = keys[keys.length - KEEP]![1];
  // Among them may be changes from beyond the position, whether there is a gap or it is only about to rise.
  const given = await tx.objectStore('messages').getAll(below(room, low));
  const floor = given.reduce((most, row) => Math.max(most, row.rev), held.position);
  await tx.objectStore('messages').delete(below(room, low));
  await tx.objectStore('logs').put({ ...held, low, floor, complete: false });
}

/** The newest held message that is not deleted; looks at the last 50. */
export async function newestLiving(tx: Tx | ReadTx, room: string): Promise<Message | null> {
  const held = await tx.objectStore('logs').get(room);
  if (!held) return null;
  const rows = await backwards(tx, from(room, held.low), 50);
  return rows.findLast((row) => row.content !== null) ?? null;
}

/** The last `limit` rows of a range, oldest first. */
export async function backwards(tx: Tx | ReadTx, range: IDBKeyRange, limit: number): Promise<Message[]> {
  const rows: Message[] = [];
  let cursor = await (tx as ReadTx).objectStore('messages').openCursor(range, 'prev');
  while (cursor && rows.length < limit) {
    rows.push(cursor.value);
    cursor = await cursor.continue();
  }
  return rows.reverse();
}
