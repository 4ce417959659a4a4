/** Recordings whose page was gone before anybody could let go of them. They wait for their owner, for some days. */
import { holding, released } from '../lib/hold';
import { actingFor, read, write } from './db';
import { outbox } from './outbox';
import { LOCK, page } from './posting';
import type { Recording, Unfinished } from './schema';
import { inHand, isLetGo, KEPT_FOR } from './speaking';
import { tabs } from './tabs';

/** Where a browser has no locks: a page that still records has kept it again by then (ms). */
const GONE_AFTER = 30_000;

export interface Interrupted extends Unfinished {
  id: string;
  created: number;
  /** When it is given up (ms since the epoch); 0: the disk had no room for it, and it goes with this page. */
  until: number;
}

/** Those that are offered, oldest first; and pages that still record, as far as that can be told. */
export async function interrupted(now = Date.now()): Promise<{ left: Interrupted[]; recording: string[] }> {
  const rows = await read(['recordings'], [] as Recording[], (tx) => tx.objectStore('recordings').getAll());
  const others = rows.filter((row) => row.unfinished?.page !== page && !isLetGo(row.client_id) && now - row.created < KEPT_FOR);
  const alive = globalThis.navigator?.locks ? new Set(await holding(LOCK)) : null;
  const goesOn = (row: Recording): boolean => (alive ? alive.has(row.unfinished!.page) : now - row.created < GONE_AFTER);
  const unfinished = others.filter((row) => row.unfinished);
  const left = [...unfinished.filter((row) => !goesOn(row)).map((row) => offer(row, row.created + KEPT_FOR)), ...unkept()];
  const recording = unfinished.filter(goesOn).map((row) => row.unfinished!.page);
  return { left: left.sort((a, b) => a.created - b.created), recording: [...new Set(recording)] };
}

const unkept = (): Interrupted[] => [...inHand.values()].map((row) => offer(row, 0));

function offer({ client_id: id, created, unfinished }: Recording, until: number): Interrupted {
  return { ...unfinished!, id, created, until };
}

/** Resolves once that page is gone. */
export async function afterPage(other: string): Promise<void> {
  if (navigator.locks) await released(LOCK + other);
  else await new Promise((done) => setTimeout(done, GONE_AFTER));
}

/** It goes out as if it had been let go now. False: it is not here any more, since another page was quicker. */
export async function finish({ id, room, replyTo, said }: Interrupted): Promise<boolean> {
  const held = inHand.get(id) ?? (await heldOf(id));
  if (!held?.unfinished) return false;
  const content = { type: 'voice' as const, file: '', ...said };
  await outbox.speak({ client_id: id, account: actingFor(), room, content, replyTo, created: Date.now() }, async (tx) => {
    const { unfinished: _known, ...rest } = held;
    await tx.objectStore('recordings').put(rest);
  });
  inHand.delete(id);
  return true;
}

/** Offered no more. It lies there for as long as somebody may take that back, by what is returned. */
export async function giveUp({ id, created, until: _until, ...unfinished }: Interrupted): Promise<() => Promise<void>> {
  const unkept = inHand.get(id);
  inHand.delete(id);
  await change(id, ({ unfinished: _known, ...rest }) => ({ ...rest, created: Date.now() }));
  if (unkept) return async () => void inHand.set(id, unkept);
  return () => change(id, (held) => ({ ...held, created, unfinished }));
}

async function heldOf(id: string): Promise<Recording | undefined> {
  return read(['recordings'], undefined as Recording | undefined, (tx) => tx.objectStore('recordings').get(id));
}

async function change(id: string, how: (held: Recording) => Recording): Promise<void> {
  await write(['recordings'], async (tx) => {
    const held = await tx.objectStore('recordings').get(id);
    if (held) await tx.objectStore('recordings').put(how(held));
  }, { strict: true });
  // Other pages look at what is left when they hear of the outbox.
  tabs.tell(actingFor(), { type: 'outbox' });
}
