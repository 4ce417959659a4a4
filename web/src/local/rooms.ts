import type { Joined, MemberChanged, MessageChanged, Person, ReadChanged, Room, RoomChanged, Summary } from '../wire/protocol.gen';
import type { RoomRecord } from './schema';

/*
 * How a room's record changes with what is heard. Pure, because the screen and the disk both do it: each on
 * its own, since another tab may have brought the disk further than this screen. Doing it twice is harmless.
 */

const MOST_UNREAD = 1000;

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

/** `lost`: the newest message was deleted, and the one before it has to be found. */
export function messageChanged(
  held: RoomRecord,
  { seq, message, person }: MessageChanged,
  me: string,
): { record: RoomRecord; lost: boolean } {
  const record = { ...held, head: Math.max(held.head, seq) };
  if (held.other?.id === person.id) record.other = person;
  const gone = message.content === null;
  if (seq > held.head && message.author !== me && message.seq > held.readSeq) {
    if (gone && message.seq <= held.head) record.unread = Math.max(0, held.unread - 1);
    if (!gone && message.seq > held.head) record.unread = Math.min(MOST_UNREAD, held.unread + 1);
  }
  const same = held.last?.id === message.id;
  if (same && gone) return { record: { ...record, last: null }, lost: true };
  const newest = same ? message.rev > held.last!.rev : !gone && message.seq > (held.last?.seq ?? 0);
  if (newest) record.last = message;
  return { record, lost: false };
}

export function readChanged(held: RoomRecord, event: ReadChanged): RoomRecord {
  if (event.read_seq < held.seen || event.read_seq < held.readSeq) return held;
  return { ...held, readSeq: event.read_seq, unread: event.unread };
}

/** Read here just now: `left` messages of others remain. */
export function seenHere(held: RoomRecord, seq: number, left: number): RoomRecord {
  return { ...held, seen: Math.max(held.seen, seq), readSeq: Math.max(held.readSeq, seq), unread: left };
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
