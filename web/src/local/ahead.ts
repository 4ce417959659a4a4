import { read } from './db';
import { keeping } from './kept';
import { from } from './messages';
import { outbox } from './outbox';
import { fetchPage, pagesAreWanted } from './pages';
import { keepWithin } from './space';
import { writer } from './writer';

/** How many of the most recently active rooms are there without a network although nobody opened them. */
export const ROOMS = 30;
const LOOK_AGAIN = 250;

let running = false;

/**
 * Fetches what one will want without a network, newest activity first: one request at a time, and none while
 * somebody waits for something. It ends when the page is hidden, when the browser is to save data, and when
 * the connection goes; the next welcome or glance at the page goes on.
 */
export async function fetchAhead(rooms: string[], online: () => boolean): Promise<void> {
  if (running) return;
  running = true;
  try {
    await writer.idle();
    for (const room of await lacking(rooms.slice(0, ROOMS))) {
      if (!(await mayGoOn(online))) return;
      await fetchPage(room, {}, keeping.ahead);
    }
    await keepWithin();
  } catch {
    // The server refuses, or the line is gone: later then.
  } finally {
    running = false;
  }
}

/** Those of which less is held than there is, and than one wants. */
function lacking(rooms: string[]): Promise<string[]> {
  return read(['logs', 'messages'], [] as string[], async (tx) => {
    const found: string[] = [];
    for (const room of rooms) {
      const log = await tx.objectStore('logs').get(room);
      if (!log || log.complete) continue;
      if ((await tx.objectStore('messages').count(from(room, log.low))) < keeping.ahead) found.push(room);
    }
    return found;
  });
}

async function mayGoOn(online: () => boolean): Promise<boolean> {
  for (;;) {
    const { connection } = navigator as { connection?: { saveData?: boolean } };
    if (!online() || document.visibilityState === 'hidden' || connection?.saveData) return false;
    const busy = pagesAreWanted() || outbox.entries.some((entry) => entry.state === 'waiting' && !entry.target);
    if (!busy) return idle();
    await new Promise((done) => setTimeout(done, LOOK_AGAIN));
  }
}

/** When the browser has nothing else to do; Safari does not say. */
function idle(): Promise<true> {
  return new Promise((done) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => done(true), { timeout: 2000 });
    else setTimeout(() => done(true), 50);
  });
}
