import { Signal } from '../lib/signal';
import type { Message, Person } from '../wire/protocol.gen';
import { read } from './db';
import { backwards, from, newestLiving } from './messages';
import type { ReadTx } from './schema';
import { writer } from './writer';

/** A run of held messages without holes, oldest first. `more`: older ones are held too. */
export interface Run {
  rows: Message[];
  more: boolean;
  /** Nothing exists before the oldest held. */
  complete: boolean;
}

/** Authors of what was just read or fetched; another tab may have met them. Told before the rows are given. */
export const met = new Signal<Person[]>();

const NOTHING: Run = { rows: [], more: false, complete: false };

/** The newest `limit` held messages before `before`. */
export async function heldBefore(room: string, before = Infinity, limit = 50): Promise<Run> {
  await writer.idle();
  if (writer.behind) return NOTHING;
  return read(['logs', 'messages', 'people'], NOTHING, async (tx) => {
    const held = await tx.objectStore('logs').get(room);
    if (!held || before <= held.low) return { ...NOTHING, complete: held?.complete ?? false };
    const range = IDBKeyRange.bound([room, held.low], [room, before], false, true);
    const rows = await backwards(tx, range, limit + 1);
    const more = rows.length > limit;
    await meet(tx, rows);
    return { rows: rows.slice(more ? 1 : 0), more, complete: held.complete };
  });
}

/** Held messages from `seq` on, if all of them are held. */
export async function heldFrom(room: string, seq: number): Promise<Message[] | null> {
  await writer.idle();
  if (writer.behind) return null;
  return read(['logs', 'messages', 'people'], null as Message[] | null, async (tx) => {
    const held = await tx.objectStore('logs').get(room);
    if (!held || seq < held.low) return null;
    const rows = await tx.objectStore('messages').getAll(from(room, seq));
    await meet(tx, rows);
    return rows;
  });
}

/** All that is held around `seq` where one read further up. */
export async function heldAround(room: string, seq: number): Promise<Message[]> {
  await writer.idle();
  if (writer.behind) return [];
  return read(['logs', 'messages', 'people'], [] as Message[], async (tx) => {
    const span = (await tx.objectStore('logs').get(room))?.span;
    if (!span || seq < span.low || seq > span.high) return [];
    const rows = await tx.objectStore('messages').getAll(IDBKeyRange.bound([room, span.low], [room, span.high]));
    await meet(tx, rows);
    return rows;
  });
}

export async function heldById(id: string): Promise<Message | undefined> {
  await writer.idle();
  return read(['messages', 'people'], undefined as Message | undefined, async (tx) => {
    const row = await tx.objectStore('messages').index('id').get(id);
    if (row) await meet(tx, [row]);
    return row;
  });
}

/** The newest message of a room that is not deleted, as far as it is held. */
export async function newestHeld(room: string): Promise<Message | null> {
  await writer.idle();
  return read(['logs', 'messages'], null as Message | null, (tx) => newestLiving(tx, room));
}

export async function meet(tx: ReadTx, rows: Message[]): Promise<void> {
  const authors = [...new Set(rows.map((row) => row.author))];
  const people = await Promise.all(authors.map((id) => tx.objectStore('people').get(id)));
  met.send(people.filter((person) => person !== undefined));
}
