import type { Message } from '../wire/protocol.gen';
import { read } from './db';
import { from } from './messages';
import { writer } from './writer';

/** Reading takes time on the page's own thread as well. */
const PAGE = 150;

/** Everything of one room that this device keeps and that is not deleted, oldest first; not always without holes. */
export async function* keptOf(room: string): AsyncGenerator<Message> {
  await writer.idle();
  for (let seq = 0; ; ) {
    const rows = await read(['messages'], [] as Message[], (tx) => tx.objectStore('messages').getAll(from(room, seq), PAGE));
    for (const row of rows) if (row.content !== null) yield row;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    seq = last.seq + 1;
  }
}
