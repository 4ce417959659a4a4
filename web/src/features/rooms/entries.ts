import type { Entry, RoomRecord } from '../../local/schema';
import type { Message, Person, Role, Room } from '../../wire/protocol.gen';

/** A room as lists and headers show it. */
export interface RoomEntry {
  room: Room;
  title: string;
  /** The other person of a direct message. */
  other: Person | null;
  role: Role;
  head: number;
  readSeq: number;
  unread: number;
  last: Message | null;
  lastText: string;
  lastAuthor: Person | null;
  draft: string;
  /** Outbox entries on their way. */
  waiting: number;
  failed: number;
}

export interface Around {
  person(id: string): Person | undefined;
  drafts: ReadonlyMap<string, string>;
  outbox: readonly Entry[];
}

export function entryOf(record: RoomRecord, around: Around): RoomEntry {
  const { room, role, head, readSeq, unread, last } = record;
  const other = (record.other && around.person(record.other.id)) ?? record.other;
  const mine = around.outbox.filter((entry) => entry.room === record.id);
  const failed = mine.filter((entry) => entry.state === 'failed').length;
  return {
    room,
    title: room.kind === 'dm' ? (other?.display ?? '') : (room.name ?? ''),
    other,
    role,
    head,
    readSeq,
    unread,
    last,
    lastText: last?.content?.text ?? '',
    lastAuthor: (last && around.person(last.author)) ?? null,
    draft: around.drafts.get(record.id) ?? '',
    waiting: mine.length - failed,
    failed,
  };
}

/** All entries, newest activity first. What did not change stays the same object, so its row is not drawn again. */
export function entriesOf(records: Iterable<RoomRecord>, around: Around, before: ReadonlyMap<string, RoomEntry>): RoomEntry[] {
  const entries: RoomEntry[] = [];
  for (const record of records) {
    const entry = entryOf(record, around);
    const held = before.get(record.id);
    entries.push(held && same(held, entry) ? held : entry);
  }
  return entries.sort((a, b) => activity(b) - activity(a) || (a.room.id < b.room.id ? 1 : -1));
}

function activity(entry: RoomEntry): number {
  return Math.max(entry.last?.at ?? 0, entry.room.created_at ?? 0);
}

function same(a: RoomEntry, b: RoomEntry): boolean {
  return (Object.keys(a) as (keyof RoomEntry)[]).every((key) => a[key] === b[key]);
}
