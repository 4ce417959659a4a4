/** Where the sound of a message comes from: this device, where it is kept, else the server, and then it is kept. */
import { soundOf } from '../../local/speaking';

const CACHE = 'voices';
/** Some minutes each, at 32 kbit/s. */
const MOST = 150;

/** null: it is not to be had now. `file`: '' while it is on its way. */
export async function soundFor(file: string, clientId: string): Promise<Blob | null> {
  const waiting = clientId ? await soundOf(clientId) : null;
  if (waiting || !file) return waiting;
  const address = `/api/media/${file}`;
  const cache = await opened();
  const held = await cache?.match(address).catch(() => undefined);
  if (held) return held.blob();
  const answer = await fetch(address, { credentials: 'same-origin' }).catch(() => null);
  if (!answer?.ok) return null;
  await keep(cache, address, answer.clone());
  return answer.blob();
}

/** Only a secure page has caches. What lies there goes when whoever is signed in goes. */
async function opened(): Promise<Cache | null> {
  return 'caches' in globalThis ? caches.open(CACHE).catch(() => null) : null;
}

async function keep(cache: Cache | null, address: string, answer: Response): Promise<void> {
  if (!cache) return;
  try {
    await cache.put(address, answer);
    const all = await cache.keys();
    for (const old of all.slice(0, Math.max(0, all.length - MOST))) await cache.delete(old);
  } catch {
    // No room: it is fetched again next time.
  }
}
