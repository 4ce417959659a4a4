import type { Message } from '../wire/protocol.gen';
import { read } from './db';
import { backwards, from, newestLiving } from './messages';
import { writer } from './writer';

/** A run of held messages without holes, oldest first. `more`: older ones are held too. */
export interface Run {
  rows: Message[];
  more: boolean;
  /** Nothing exists before the oldest held. */
  complete: boolean;
}

const NOTHING: Run = { rows: [], more: false, complete: false };

/** The newest `limit` held messages before `before`. */
export async function heldBefore(room: string, before = Infinity, limit = 50): Promise<Run> {
  await writer.idle();
  if (writer.behind) return NOTHING;
  return read(['logs', 'messages'], NOTHING, async (tx) => {
    const held = await tx.objectStore('logs').get(room);
    if (!held || before <= held.low) return { ...NOTHING, complete: held?.complete ?? false };
    const range = IDBKeyRange.bound([room, held.low], [room, before], false, true);
    const rows = await backwards(tx, range, limit + 1);
    const more = rows.length > limit;
    return { rows: rows.slice(more ? 1 : 0), more, complete: held.complete };
  });
}

/** Held messages from `seq` on, if all of them are held. */
export async function heldFrom(room: string, seq: number): Promise<Message[] | null> {
  await writer.idle();
  if (writer.behind) return null;
  return read(['logs', 'messages'], null as Message[] | null, async (tx) => {
    const held = await tx.objectStore('logs').get(room);
    if (!held || seq < held.low) return null;
    return tx.objectStore('messages').getAll(from(room, seq));
  });
}

export async function heldById(id: string): Promise<Message | undefined> {
  await writer.idle();
  return read(['messages'], undefined as Message | undefined, (tx) => tx.objectStore('messages').index('id').get(id));
}

/** The newest message of a room that is not deleted, as far as it is held. */
export async function newestHeld(room: string): Promise<Message | null> {
  await writer.idle();
  return read(['logs', 'messages'], null as Message | null, (tx) => newestLiving(tx, room));
}
