import { listed, t } from '../../lib/i18n';
import { wordsIn } from '../../lib/said';
import type { Entry, RoomRecord } from '../../local/schema';
import type { Attention, Message, Person, Role, Room } from '../../wire/protocol.gen';

/** A room as lists and headers show it. */
export interface RoomEntry {
  room: Room;
  title: string;
  /** The other person of a direct message. */
  other: Person | null;
  /** The others of a group; of other rooms nobody. */
  people: readonly Person[];
  role: Role;
  /** Until when I may read here, but not write. */
  silentUntil: number;
  head: number;
  readSeq: number;
  unread: number;
  /** How many of the unread ones are for me. */
  mentions: number;
  /** Put aside to come back to. */
  markedUnread: boolean;
  /** What I want to be told of; nothing at all until `mutedUntil`. */
  level: Attention;
  mutedUntil: number;
  last: Message | null;
  /** The newest words: mine that are still on their way before any others. '' with a `lastAt`: deleted. */
  lastText: string;
  lastAuthor: Person | null;
  /** 0: nobody has said anything yet. */
  lastAt: number;
  lastState: 'sent' | 'pending' | 'failed';
  draft: string;
  /** Outbox entries on their way. */
  waiting: number;
  failed: number;
}

type Newest = Pick<RoomEntry, 'lastText' | 'lastAuthor' | 'lastAt' | 'lastState'>;

const NAMED = 3;

export interface Around {
  me: string;
  person(id: string): Person | undefined;
  drafts: ReadonlyMap<string, string>;
  outbox: readonly Entry[];
}

export function entryOf(record: RoomRecord, around: Around): RoomEntry {
  const { room, role, head, readSeq, unread, last } = record;
  const other = (record.other && around.person(record.other.id)) ?? record.other;
  const people = (record.people ?? []).map((held) => around.person(held.id) ?? held);
  const mine = around.outbox.filter((entry) => entry.room === record.id);
  const failed = mine.filter((entry) => entry.state === 'failed').length;
  return {
    room,
    title: room.kind === 'dm' ? (other?.display ?? '') : room.name || (room.kind === 'support' ? t('room.support') : namesOf(people)),
    other,
    people,
    role,
    silentUntil: record.silentUntil ?? 0,
    head,
    readSeq,
    unread,
    mentions: record.mentions ?? 0,
    markedUnread: record.markedUnread ?? false,
    level: record.level ?? 'all',
    mutedUntil: record.mutedUntil ?? 0,
    last,
    ...newest(last, mine, around),
    draft: around.drafts.get(record.id) ?? '',
    waiting: mine.length - failed,
    failed,
  };
}

/** What a group without a name is called: after the first few who are in it. */
export function namesOf(people: readonly Person[]): string {
  const first = people.slice(0, NAMED).map(({ display }) => (people.length > 1 ? (display.split(' ')[0] ?? '') : display));
  const more = people.length - NAMED;
  if (!first.length) return t('room.alone');
  return more > 0 ? t('room.names.more', { names: listed(first, 'unit'), n: more }) : listed(first, 'unit');
}

function newest(last: Message | null, mine: Entry[], { me, person }: Around): Newest {
  for (const entry of mine.toReversed()) {
    if (entry.command.op !== 'post' || entry.client_id === last?.client_id) continue;
    const lastText = changed(wordsIn(entry.command.content) ?? '', mine, (change) => change.target === entry.client_id);
    if (lastText === null) continue;
    const lastState = entry.state === 'failed' ? 'failed' : 'pending';
    return { lastText, lastAuthor: person(me) ?? null, lastAt: entry.created, lastState };
  }
  const said = wordsIn(last?.content, last?.author === me) ?? '';
  const now = changed(said, mine, ({ command }) => command.op !== 'post' && command.message === last?.id);
  const lastState = now === said ? 'sent' : 'pending';
  return { lastText: now ?? '', lastAuthor: (last && person(last.author)) ?? null, lastAt: last?.at ?? 0, lastState };
}

/** As it will be with the changes on their way; null: deleted. */
function changed(text: string, mine: Entry[], concerns: (change: Entry) => boolean): string | null {
  const change = mine.findLast((entry) => entry.kind !== 'post' && entry.state === 'waiting' && concerns(entry));
  if (!change) return text;
  return change.command.op === 'delete' ? null : wordsIn(change.command.content);
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
  return Math.max(entry.lastAt, entry.room.created_at ?? 0);
}

function same(a: RoomEntry, b: RoomEntry): boolean {
  const one = (key: keyof RoomEntry): boolean => key === 'people' || a[key] === b[key];
  return (Object.keys(a) as (keyof RoomEntry)[]).every(one) && alike(a.people, b.people);
}

function alike(a: readonly Person[], b: readonly Person[]): boolean {
  return a.length === b.length && a.every((person, at) => person === b[at]);
}
