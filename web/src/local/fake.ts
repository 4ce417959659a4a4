/** People, rooms and frames for tests. */
import type { Joined, Message, MessageChanged, Page, Person, Summary } from '../wire/protocol.gen';
import { closeDatabase, read } from './db';
import { NOTHING_HELD, takeOver, type Held } from './owner';
import { STORES, type Store } from './schema';
import { writer } from './writer';

export const ME = { id: 'account-ada', name: 'ada', display: 'Ada' };
export const BEN: Person = { id: 'account-ben', name: 'ben', display: 'Ben' };
export const HALL = 'room-hall';

export function message(seq: number, more: Partial<Message> = {}): Message {
  const text = `text ${seq}`;
  return { id: `m${seq}`, room: HALL, seq, rev: seq, author: BEN.id, at: 1000 + seq, content: { type: 'text', text }, ...more };
}

export function told(of: Message, seq = of.rev): MessageChanged {
  return { op: 'message', log: of.room, seq, message: of, person: BEN };
}

export const edited = (of: Message, rev: number, text: string): Message => ({
  ...of,
  rev,
  content: { type: 'text', text },
  edited_at: 5000 + rev,
});
export const deleted = (of: Message, rev: number): Message => ({ ...of, rev, content: null, deleted_at: 5000 + rev });

export function joinedHall(seq: number, head: number): Joined {
  return { op: 'joined', log: ME.id, seq, room: { id: HALL, kind: 'public', name: 'Hall', member_count: 2 }, role: 'member', head };
}

export function summary(head: number, more: Partial<Summary> = {}): Summary {
  return { op: 'summary', room: HALL, head, read_seq: 0, unread: 0, ...more };
}

export function page(messages: Message[], head: number, more: Partial<Page> = {}): Page {
  return {
    room: HALL,
    messages,
    quoted: [],
    people: [BEN],
    has_before: true,
    has_after: false,
    head,
    read_seq: 0,
    unread: 0,
    ...more,
  };
}

/** A browser in which Ada has just signed in. */
export async function freshBrowser(): Promise<void> {
  await closeDatabase();
  indexedDB.deleteDatabase('safevoice');
  writer.forget();
  await takeOver({ me: ME, device: 'device', community: null });
}

/** Everything on disk, by store. */
export async function disk(): Promise<Record<Store, unknown[]>> {
  await writer.idle();
  const rows = await read(STORES, [] as unknown[][], (tx) => Promise.all(STORES.map((store) => tx.objectStore(store).getAll())));
  return Object.fromEntries(STORES.map((store, i) => [store, rows[i] ?? []])) as Record<Store, unknown[]>;
}

export async function rows(room = HALL): Promise<Message[]> {
  return ((await disk()).messages as Message[]).filter((row) => row.room === room);
}

export const nothingHeld: Held = NOTHING_HELD;
