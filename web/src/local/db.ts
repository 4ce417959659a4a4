import { openDB } from 'idb';
import { Signal } from '../lib/signal';
import { STEPS, STORES, type Db, type ReadTx, type Schema, type Store, type Tx } from './schema';

const NAME = 'safevoice';

/** This tab tried to write for an account whom the database no longer belongs to. */
export class StrangerError extends Error {}

/** Why the browser will not keep data; '' when it does (again). `newerTab`: another tab runs a newer version. */
export type StorageProblem = '' | 'full' | 'newer' | 'newerTab' | 'off';
export const storageProblem = new Signal<StorageProblem>();
/** Another account has taken over this browser. */
export const dispossessed = new Signal();

let opened: Promise<Db> | null = null;
let owner = '';
let troubled = false;

function open(): Promise<Db> {
  // Where there is no IndexedDB at all, openDB throws instead of rejecting.
  opened ??= Promise.resolve()
    .then(connect)
    .catch((error: unknown) => {
      opened = null;
      storageProblem.send(whyNot(error));
      throw error;
    });
  return opened;
}

function connect(): Promise<Db> {
  return openDB<Schema>(NAME, STEPS.length, {
    upgrade: (db, from, _to, tx) => {
      heardOf(tx);
      STEPS.slice(from).forEach((step) => step(db));
    },
    blocking: (_have, wanted, event) => {
      (event.target as IDBDatabase).close();
      opened = null;
      // Deleted (null): the next use makes a new one. Otherwise a newer version of the app waits.
      if (wanted) storageProblem.send('newerTab');
    },
    terminated: () => (opened = null),
  });
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

/** Loaded when it is needed: hardly ever. */
async function giveWay(): Promise<boolean> {
  return import('./space').then(({ makeRoom }) => makeRoom()).catch(() => false);
}

function whyNot(error: unknown): StorageProblem {
  if (isFull(error)) return 'full';
  return error instanceof DOMException && error.name === 'VersionError' ? 'newer' : 'off';
}

/** From here on this tab writes for `account` ('' for nobody). */
export function actFor(account: string): void {
  owner = account;
}

export function actingFor(): string {
  return owner;
}

/**
 * One readwrite transaction, for the account that this tab acts for: when another account owns the database
 * by now, nothing is written. That check sits inside the transaction, since another tab may be faster.
 * When the disk is full, what can be fetched again gives way and `work` runs once more, unless `full`.
 */
export async function write<T>(
  stores: Store[],
  work: (tx: Tx) => Promise<T>,
  options: { strict?: boolean; anyone?: boolean; full?: boolean } = {},
): Promise<T> {
  const all = stores.includes('meta') ? stores : ['meta' as Store, ...stores];
  const durability = options.strict ? 'strict' : 'default';
  const tx = await begin((db) => db.transaction(all, 'readwrite', { durability }) as Tx);
  try {
    if (!options.anyone) {
      const held = await tx.objectStore('meta').get('owner');
      if (!owner || held?.me.id !== owner) throw new StrangerError('another account');
    }
    const result = await work(tx);
    await tx.done;
    if (troubled) storageProblem.send('');
    troubled = false;
    return result;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It was aborted already, which is why we are here.
    }
    if (error instanceof StrangerError) dispossessed.send();
    if (isFull(error) && !options.full && (await giveWay())) return write(stores, work, { ...options, full: true });
    if (error instanceof DOMException) {
      troubled = true;
      storageProblem.send(whyNot(error));
    }
    throw error;
  }
}

/** The browser may have closed the connection behind our back (cleared data, a newer version): once more then. */
async function begin<T extends { done: Promise<void> }>(how: (db: Db) => T): Promise<T> {
  const db = await open();
  try {
    return heardOf(how(db));
  } catch {
    opened = null;
    return heardOf(how(await open()));
  }
}

/** Whoever asked hears of a failure by what they wait for; the end of a transaction that a page leaves behind
 *  (it is aborted then) would be an error that nobody caught. */
function heardOf<T extends { done: Promise<void> }>(tx: T): T {
  tx.done.catch(() => undefined);
  return tx;
}

/** One consistent look; an empty one (`otherwise`) where the browser keeps nothing. */
export async function read<T>(stores: Store[], otherwise: T, work: (tx: ReadTx) => Promise<T>): Promise<T> {
  let tx: ReadTx;
  try {
    tx = await begin((db) => db.transaction(stores, 'readonly') as ReadTx);
  } catch {
    return otherwise;
  }
  return work(tx);
}

/** Leaves nothing of anybody. Not deleteDatabase: that waits for other tabs to close theirs. */
export async function wipeDatabase(): Promise<void> {
  await write(STORES, (tx) => Promise.all(STORES.map((store) => tx.objectStore(store).clear())), { anyone: true, strict: true });
}

/** For tests: as if the browser had been closed. */
export async function closeDatabase(): Promise<void> {
  (await opened?.catch(() => null))?.close();
  opened = null;
  owner = '';
}
