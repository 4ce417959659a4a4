import type { Message } from '../wire/protocol.gen';
import { read } from './db';
import { meet } from './held';
import { backwards, from } from './messages';
import { fetchPage } from './pages';
import { writer } from './writer';

/** What was said in a room beyond a read mark, oldest first. */
export interface Unread {
  rows: Message[];
  /** What some of them answer, as far as it could be had. */
  quoted: Message[];
  /** Nothing beyond the mark is missing, or as much as was asked for is here. */
  whole: boolean;
}

const AT_ONCE = 50;
const NOTHING: Unread = { rows: [], quoted: [], whole: false };

/** The newest `most` of them that this device holds. */
export async function heldUnread(room: string, mark: number, most: number): Promise<Unread> {
  await writer.idle();
  if (writer.behind) return NOTHING;
  return read(['logs', 'messages', 'people'], NOTHING, async (tx) => {
    const log = await tx.objectStore('logs').get(room);
    if (!log) return NOTHING;
    const rows = await backwards(tx, from(room, Math.max(log.low, mark + 1)), most);
    const here = new Set(rows.map((row) => row.id));
    const wanted = new Set(rows.flatMap((row) => (row.reply_to && !here.has(row.reply_to) ? [row.reply_to] : [])));
    const index = tx.objectStore('messages').index('id');
    const quoted = (await Promise.all([...wanted].map((id) => index.get(id)))).filter((row) => row !== undefined);
    await meet(tx, [...rows, ...quoted]);
    return { rows, quoted, whole: log.low <= mark + 1 || log.complete || rows.length >= most };
  });
}

/** The same with what the server has of it, a page after the other; what it brings is kept. Throws ApiError. */
export async function fetchUnread(room: string, mark: number, most: number, wanted: () => boolean): Promise<Unread> {
  let { rows, quoted, whole } = await heldUnread(room, mark, most);
  while (!whole && wanted()) {
    const before = rows[0]?.seq;
    const page = await fetchPage(room, before ? { before } : {}, Math.min(AT_ONCE, most - rows.length));
    const first = page.messages[0];
    rows = [...page.messages.filter((row) => row.seq > mark), ...rows];
    quoted = [...quoted, ...page.quoted];
    whole = !page.has_before || !first || first.seq <= mark + 1 || rows.length >= most;
  }
  return { rows, quoted, whole };
}
