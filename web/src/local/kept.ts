import type { Page } from '../wire/protocol.gen';
import { below, dropMessages, from, upsert, upsertRun } from './messages';
import type { LogRecord, Span, Tx } from './schema';

/** How many messages a room keeps: the newest of one that was read (`opened`) or fetched ahead, and beside those
 * so many around where one read further up. */
export const keeping = { opened: 200, ahead: 20, span: 100 };
const SLACK = 50;

/** What a page was asked for by, if by that. */
export interface Asked {
  before?: number;
  after?: number;
}

/** Keep a page of the server: as far as it joins what is held, else as the place that one reads at. */
export async function keepPage(tx: Tx, page: Page, { before = 0, after = 0 }: Asked = {}): Promise<void> {
  for (const { message, count = 0 } of page.heard ?? []) await tx.objectStore('heard').put({ message, count });
  const logs = tx.objectStore('logs');
  const held = await logs.get(page.room);
  // Older than changes that are no longer held: it could bring back what was deleted since.
  if (!held || page.head < held.floor) return;
  await Promise.all(page.people.map((person) => tx.objectStore('people').put(person)));
  const first = after ? after + 1 : (page.messages[0]?.seq ?? (before || page.head + 1));
  const joined = before ? joinBefore(held, page, first, before) : joinNewest(held, page, first);
  if (joined && (await fits(tx, held, page, before))) {
    if (joined.position !== held.position) await dropMessages(tx, page.room, page.head);
    await logs.put(joined);
    await upsertRun(tx, page.messages);
  } else if (page.messages.length) {
    const high = before ? before - 1 : page.messages.at(-1)!.seq;
    await keepSpan(tx, held, page, { low: first, high });
  }
  for (const message of page.quoted) await upsert(tx, message);
}

function joinBefore(held: LogRecord, page: Page, first: number, before: number): LogRecord | null {
  if (before < held.low) return null;
  if (first >= held.low) return page.has_before ? null : { ...held, complete: true };
  return joinSpan({ ...held, low: first, complete: !page.has_before });
}

function joinNewest(held: LogRecord, page: Page, first: number): LogRecord | null {
  if (page.has_after || page.head < held.low - 1) return null;
  // Newer than all that is held, and there may be more between the two: start anew with the page.
  if (page.has_before && page.head > held.position && first > held.position) {
    const { span: _lost, ...rest } = held;
    return { ...rest, position: page.head, low: first, floor: page.head, complete: false };
  }
  if (first > held.low) return held;
  // A page that brings no row tells all the same that there is nothing before.
  const complete = !page.has_before || (first === held.low && held.complete);
  return joinSpan({ ...held, low: first, complete });
}

/** What grew down to the span takes it in. */
function joinSpan(held: LogRecord): LogRecord {
  if (!held.span || held.span.high < held.low - 1) return held;
  const { span, ...rest } = held;
  return span.low < held.low ? { ...rest, low: span.low, complete: false } : rest;
}

async function fits(tx: Tx, held: LogRecord, page: Page, before: number): Promise<boolean> {
  if (!before) return true;
  return (await tx.objectStore('messages').count(from(page.room, held.low))) + page.messages.length <= keeping.opened;
}

/** A page that joins nothing but perhaps the span: that grows by it, or is given up for it. */
async function keepSpan(tx: Tx, held: LogRecord, page: Page, covered: Span): Promise<void> {
  // It reaches into what is held: of that nothing has to be kept twice.
  const high = Math.min(covered.high, held.low - 1);
  if (high < covered.low) return;
  const { span } = held;
  const joins = span && covered.low <= span.high + 1 && high >= span.low - 1;
  const next = joins ? { low: Math.min(span.low, covered.low), high: Math.max(span.high, high) } : { low: covered.low, high };
  if (span && !joins) await dropBetween(tx, held, span);
  await upsertRun(tx, page.messages.filter(({ seq }) => seq <= high));
  const upwards = !joins || high >= span.high;
  await tx.objectStore('logs').put(joinSpan({ ...held, span: await shortened(tx, held, next, keeping.span, upwards) }));
}

/** Gives up what is too much at the end that one comes from. */
async function shortened(tx: Tx, held: LogRecord, span: Span, most: number, upwards: boolean): Promise<Span> {
  const keys = await tx.objectStore('messages').getAllKeys(between(held.log, span));
  if (keys.length <= most) return span;
  const kept = upwards ? { ...span, low: keys[keys.length - most]![1] } : { ...span, high: keys[most - 1]![1] };
  await dropBetween(tx, held, upwards ? { low: span.low, high: kept.low - 1 } : { low: kept.high + 1, high: span.high });
  return kept;
}

const between = (room: string, { low, high }: Span) => IDBKeyRange.bound([room, low], [room, high]);

/** What changed after the floor stays, like every such row that is below `low`. */
async function dropBetween(tx: Tx, { log, floor }: LogRecord, span: Span): Promise<void> {
  for (const row of await tx.objectStore('messages').getAll(between(log, span))) {
    if (row.rev <= floor) await tx.objectStore('messages').delete([log, row.seq]);
  }
}

/** Trim every room. */
export async function trimAll(tx: Tx): Promise<void> {
  for (const log of await tx.objectStore('logs').getAllKeys()) await trim(tx, log);
}

/** Give up the oldest rows when there are many more than the newest `keep`. */
export async function trim(tx: Tx, room: string, keep = 0, slack = SLACK): Promise<void> {
  const held = await tx.objectStore('logs').get(room);
  if (!held) return;
  const most = keep || (held.read ? keeping.opened : keeping.ahead);
  if ((await tx.objectStore('messages').count(from(room, held.low))) <= most + slack) return;
  const keys = await tx.objectStore('messages').getAllKeys(from(room, held.low));
  await giveUpBelow(tx, held, keys[keys.length - most]![1]);
}

/** Give up all rows of a room, except what was heard beyond a gap. Its place in the log stays. */
export async function evict(tx: Tx, room: string): Promise<void> {
  const held = await tx.objectStore('logs').get(room);
  if (!held) return;
  const { span: _lost, ...rest } = held;
  await giveUpBelow(tx, rest, held.position + 1);
}

async function giveUpBelow(tx: Tx, held: LogRecord, low: number): Promise<void> {
  const store = tx.objectStore('messages');
  let { floor, position } = held;
  floor = Math.max(floor, position);
  for (const row of await store.getAll(below(held.log, low))) {
    if (held.span && row.seq >= held.span.low && row.seq <= held.span.high) continue;
    // Among them may be changes from beyond the position, whether there is a gap or it is only about to rise.
    floor = Math.max(floor, row.rev);
    await store.delete([held.log, row.seq]);
  }
  await tx.objectStore('logs').put({ ...held, low, floor, complete: false });
}

/** Somebody looks into the room now. */
export async function noteRead(tx: Tx, room: string, at: number): Promise<void> {
  const held = await tx.objectStore('logs').get(room);
  if (held) await tx.objectStore('logs').put({ ...held, read: at });
}
