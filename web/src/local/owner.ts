import { forgetMine } from '../lib/noted';
import { Signal } from '../lib/signal';
import { actFor, actingFor, read, wipeDatabase, write } from './db';
import { heldFolk, NO_FOLK, type Folk } from './folk';
import { SHELL } from './names';
import type { Draft, LogRecord, Owner, RoomRecord } from './schema';
import type { Person } from '../wire/protocol.gen';
import { tabs, type Why } from './tabs';
import { writer } from './writer';

/** Everything in memory that belongs to somebody has to go. */
export const forget = new Signal();

/** Somebody's cached data is there to be shown. */
export const arrived = new Signal<Held>();

export function heldOwner(): Promise<Owner | undefined> {
  return read(['meta'], undefined as Owner | undefined, (tx) => tx.objectStore('meta').get('owner'));
}

/** This tab acts for `owner` from now on; whatever another account left in this browser goes first. */
export async function takeOver(owner: Owner): Promise<void> {
  const held = await heldOwner();
  if (held && held.me.id !== owner.me.id) await leaveNothing();
  actFor(owner.me.id);
  // Every start comes through here, and a write that waits for the disk would delay the first sight.
  if (held?.me.id === owner.me.id && held.device === owner.device) return;
  try {
    await write(['meta'], (tx) => tx.objectStore('meta').put(owner, 'owner'), { anyone: true, strict: true });
  } catch {
    // Told by `storageProblem`; reading along works without a disk.
  }
}

export async function keepOwner(owner: Owner): Promise<void> {
  await write(['meta'], (tx) => tx.objectStore('meta').put(owner, 'owner')).catch(() => undefined);
}

/** What is known without a network. */
export interface Held extends Folk {
  logs: LogRecord[];
  rooms: RoomRecord[];
  people: Person[];
  drafts: Draft[];
}

export const NOTHING_HELD: Held = { logs: [], rooms: [], people: [], drafts: [], ...NO_FOLK };

export function heldState(): Promise<Held> {
  return read(['logs', 'rooms', 'people', 'drafts', 'blocks', 'nicknames', 'preferences'], NOTHING_HELD, async (tx) => ({
    logs: await tx.objectStore('logs').getAll(),
    rooms: await tx.objectStore('rooms').getAll(),
    people: await tx.objectStore('people').getAll(),
    drafts: await tx.objectStore('drafts').getAll(),
    ...(await heldFolk(tx)),
  }));
}

/** Stop acting for anybody, in this tab only. */
export function resign(): void {
  actFor('');
  writer.forget();
  forget.send();
}

/** Nothing of the account stays in this browser: database, caches, push subscription, other tabs. */
export async function leaveNothing(why: Why = ''): Promise<void> {
  const account = actingFor() || (await heldOwner())?.me.id || '';
  resign();
  await wipeDatabase().catch(() => undefined);
  tabs.tell(account, { type: 'wiped', why });
  sessionStorage.clear();
  forgetMine();
  if ('caches' in globalThis) {
    for (const name of await caches.keys()) if (!name.startsWith(SHELL)) await caches.delete(name);
  }
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  await worker?.pushManager?.getSubscription().then((push) => push?.unsubscribe(), () => undefined);
}
