/** Where the sound of a message comes from: this device, where it is kept, else the server, and then it is kept. */
import { read } from '../../local/db';
import { soundOf } from '../../local/speaking';

const CACHE = 'voices';
/** Names the message in what a sound is kept under. */
const OF = 'of';
/** Some minutes each, at 32 kbit/s. */
const MOST = 150;

/** Whose sound: `file` is '' while it is on its way, `message` until it arrived. */
interface Sounding {
  file: string;
  message: string;
  clientId: string;
}

/** null: it is not to be had now. */
export async function soundFor({ file, message, clientId }: Sounding): Promise<Blob | null> {
  const waiting = message ? null : await soundOf(clientId);
  if (waiting || !file) return waiting;
  const address = `/api/media/${file}`;
  const kept = `${address}?${OF}=${message}`;
  const cache = message ? await opened() : null;
  const held = await cache?.match(kept).catch(() => undefined);
  if (held) return held.blob();
  const answer = await fetch(address, { credentials: 'same-origin' }).catch(() => null);
  if (!answer?.ok) return null;
  await keep(cache, kept, answer.clone());
  return answer.blob();
}

/** Of what was deleted, and of rooms that one has left, nothing stays to be listened to. What is merely not held any
 * more goes too: it can be fetched again. */
export async function sweep(): Promise<void> {
  if (!('caches' in globalThis) || !(await caches.has(CACHE))) return;
  const cache = await caches.open(CACHE);
  const kept = await cache.keys();
  const messages = await read(['messages'], null, (tx) => {
    const byId = tx.objectStore('messages').index('id');
    return Promise.all(kept.map(({ url }) => byId.get(new URL(url).searchParams.get(OF) ?? '')));
  });
  if (!messages) return;
  await Promise.all(kept.map((one, i) => !messages[i]?.content && cache.delete(one)));
}

/** Only a secure page has caches. What lies there goes when whoever is signed in goes. */
async function opened(): Promise<Cache | null> {
  return 'caches' in globalThis ? caches.open(CACHE).catch(() => null) : null;
}

async function keep(cache: Cache | null, under: string, answer: Response): Promise<void> {
  if (!cache) return;
  try {
    await cache.put(under, answer);
    const all = await cache.keys();
    for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
  } catch {
    // No room: it is fetched again next time.
  }
}
