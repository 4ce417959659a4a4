import type { Message } from '../wire/protocol.gen';
import { read } from './db';
import { all } from './messages';
import { writer } from './writer';

/** Everything of one room that this device keeps and that is not deleted, oldest first; not always without holes. */
export async function keptOf(room: string): Promise<Message[]> {
  await writer.idle();
  const rows = await read(['messages'], [] as Message[], (tx) => tx.objectStore('messages').getAll(all(room)));
  return rows.filter(({ content }) => content !== null);
}
