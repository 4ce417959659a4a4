import { isDesk } from '../lib/desk';
import type {
  AttentionChanged,
  Joined,
  MemberChanged,
  Message,
  MessageChanged,
  Person,
  ReadChanged,
  Room,
  RoomChanged,
  Summary,
} from '../wire/protocol.gen';
import type { RoomRecord } from './schema';

/*
 * How a room's record changes with what is heard. Pure, because the screen and the disk both do it: each on
 * its own, since another tab may have brought the disk further than this screen. Doing it twice is harmless.
 */

/** Beyond this many the server does not count what is unread. */
export const MOST_UNREAD = 1000;

export function joined(held: RoomRecord | undefined, event: Joined): RoomRecord {
  const { room, role, head } = event;
  const other = (room.kind === 'dm' && event.people?.[0]) || (held?.other ?? null);
  const mine = { role, silentUntil: event.muted_until ?? 0, ...(room.kind === 'group' && { people: event.people ?? [] }) };
  if (held) return counted({ ...held, ...mine, room: newer(held.room, room), other }, head, room.member_count);
  return { id: room.id, room, ...mine, other, head, counted: head, readSeq: 0, unread: 0, last: null, seen: 0 };
}

/** `sure`: of a welcome; another may have been read before what was heard live in the meantime. */
export function summarised(held: RoomRecord, summary: Summary, sure = true): RoomRecord {
  const older = summary.head < held.head || (held.readSeq > held.seen && summary.read_seq < held.readSeq);
  if (older && !sure) return held;
  // Read marks of this device may be on their way; but not of what a server that was set back does not have.
  const seen = Math.min(held.seen, summary.head);
  const ahead = seen > summary.read_seq;
  const record = {
    ...held,
    seen,
    head: summary.head,
    readSeq: ahead ? seen : summary.read_seq,
    unread: ahead ? Math.min(held.unread, summary.unread) : summary.unread,
    mentions: ahead ? Math.min(held.mentions ?? 0, summary.mentions ?? 0) : (summary.mentions ?? 0),
    markedUnread: !ahead && !!summary.marked_unread,
    level: summary.level ?? 'all',
    mutedUntil: summary.muted_until ?? 0,
    last: summary.last ?? null,
  };
  return counted(record, summary.head, summary.member_count);
}

/** A reset: the room stands at `to`, perhaps lower than before, and a summary says how. */
export function restarted(held: RoomRecord, to: number): RoomRecord {
  const [seen, readSeq] = [Math.min(held.seen, to), Math.min(held.readSeq, to)];
  return { ...held, head: to, counted: 0, seen, readSeq, last: null };
}

export function roomChanged(held: RoomRecord, event: RoomChanged): RoomRecord {
  const record = { ...held, head: Math.max(held.head, event.seq), room: newer(held.room, event.room) };
  return counted(record, event.seq, event.room.member_count);
}

export function memberChanged(held: RoomRecord, event: MemberChanged, me: string): RoomRecord {
  const other = held.other?.id === event.person.id ? event.person : held.other;
  const record = { ...held, head: Math.max(held.head, event.seq), other };
  if (event.seq < (held.counted ?? 0)) return record;
  const about = event.person.id === me ? asMine(event) : record.people && { people: withOrWithout(record.people, event) };
  return counted({ ...record, ...about }, event.seq, event.member_count);
}

function asMine({ role, muted_until = 0 }: MemberChanged): Partial<RoomRecord> {
  return role ? { role, silentUntil: muted_until } : {};
}

/** In the order in which they came. */
function withOrWithout(people: Person[], { person, role }: MemberChanged): Person[] {
  const others = people.filter(({ id }) => id !== person.id);
  if (!role || others.length === people.length) return role ? [...people, person] : others;
  return people.map((each) => (each.id === person.id ? person : each));
}

/** Whether it is for me: by name, or as for everybody in the room. */
export function mentionsMe({ mentions, everyone }: Message, me: string): boolean {
  return !!everyone || !!mentions?.includes(me);
}

/**
 * `silent`: what its author says counts as nothing, because I wrote it or blocked them. `lost`: the newest message
 * was deleted, and the one before it has to be found. `unsure`: how many are unread cannot be told from this alone.
 */
export function messageChanged(
  held: RoomRecord,
  { seq, message, person }: MessageChanged,
  me: string,
  silent = message.author === me,
): { record: RoomRecord; lost: boolean; unsure: boolean } {
  const record = { ...held, head: Math.max(held.head, seq) };
  if (held.other?.id === person.id) record.other = person;
  const gone = message.content === null;
  // What the staff says in a support conversation is said for all of them.
  const ours = held.role === 'staff' && isDesk(person);
  const counts = seq > held.head && !silent && !ours && !message.quiet && message.seq > held.readSeq;
  if (counts) Object.assign(record, message.seq > held.head ? added(held, message, me) : altered(held, message));
  const unsure = counts && gone && message.seq <= held.head && held.unread >= MOST_UNREAD;
  const same = held.last?.id === message.id;
  if (same && gone) return { record: { ...record, last: null }, lost: true, unsure };
  const newest = same ? message.rev > held.last!.rev : !gone && message.seq > (held.last?.seq ?? 0);
  if (newest) record.last = message;
  return { record, lost: false, unsure };
}

function added({ unread, mentions = 0 }: RoomRecord, message: Message, me: string): Left | null {
  if (message.content === null) return null;
  const more = mentionsMe(message, me) ? 1 : 0;
  return { unread: Math.min(MOST_UNREAD, unread + 1), mentions: Math.min(MOST_UNREAD, mentions + more) };
}

/** Whom a change names, or names no longer, is told by a read mark of its own. */
function altered({ unread, mentions = 0 }: RoomRecord, { content, everyone }: Message): Left | null {
  if (content !== null) return null;
  return { unread: Math.max(0, unread - 1), mentions: Math.max(0, mentions - (everyone ? 1 : 0)) };
}

export function readChanged(held: RoomRecord, event: ReadChanged): RoomRecord {
  if (event.read_seq < held.seen || event.read_seq < held.readSeq) return held;
  const { read_seq: readSeq, unread, mentions = 0, marked_unread: markedUnread = false } = event;
  return { ...held, readSeq, unread, mentions, markedUnread };
}

export function attentionChanged(held: RoomRecord, { level, muted_until = 0 }: AttentionChanged): RoomRecord {
  return { ...held, level, mutedUntil: muted_until };
}

/** What of a room is still to be read: messages of others, and those of them that are for me. */
export interface Left {
  unread: number;
  mentions: number;
}

/** Read here just now. */
export function seenHere(held: RoomRecord, seq: number, left: Left): RoomRecord {
  const [seen, readSeq] = [Math.max(held.seen, seq), Math.max(held.readSeq, seq)];
  return { ...held, seen, readSeq, ...left, markedUnread: false };
}

/** The number of members has no part in a room's `rev`. */
function newer(held: Room, heard: Room): Room {
  return (heard.rev ?? 0) >= (held.rev ?? 0) ? { ...heard, member_count: held.member_count } : held;
}

/** Of two numbers of members the one from further on in the room's log is the newer. */
function counted(held: RoomRecord, seq: number, members = 0): RoomRecord {
  if (!members || seq < (held.counted ?? 0)) return held;
  return { ...held, counted: seq, room: { ...held.room, member_count: members } };
}
