import { get } from '../wire/http';
import type { Page } from '../wire/protocol.gen';
import { read } from './db';
import { met } from './held';
import { keepPage } from './messages';
import { writer } from './writer';

/** Rows asked for at once when somebody scrolls. */
export const ROWS = 40;
const AHEAD = 10;

export type Where = { before: number } | { after: number } | { around: string } | { around_seq: number } | Record<string, never>;

/** A page from the server; what joins the held rows is kept. Throws ApiError. */
export async function fetchPage(room: string, where: Where = {}, limit = ROWS): Promise<Page> {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(where)) query.set(name, String(value));
  const page = await get<Page>(`rooms/${room}/messages?${query}`);
  const before = 'before' in where ? where.before : 0;
  met.send(page.people);
  writer.add((tx) => keepPage(tx, page, before));
  return page;
}

/** Of these rooms, the first few of which no rows are held get their newest page: for the next start, and
 * for the time without a network. */
export async function fetchAhead(rooms: string[], stillOnline: () => boolean): Promise<void> {
  await writer.idle();
  const bare: string[] = await read(['logs', 'messages'], [] as string[], async (tx) => {
    const found: string[] = [];
    for (const room of rooms.slice(0, 2 * AHEAD)) {
      const log = await tx.objectStore('logs').get(room);
      if (!log || log.complete) continue;
      const rows = await tx.objectStore('messages').count(IDBKeyRange.bound([room, log.low], [room, Infinity]));
      if (rows === 0) found.push(room);
    }
    return found;
  });
  for (const room of bare.slice(0, AHEAD)) {
    if (!stillOnline()) return;
    await fetchPage(room).catch(() => undefined);
  }
}
