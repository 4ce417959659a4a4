import type { Joined, MemberChanged, MessageChanged, ReadChanged, RoomChanged, Summary } from '../wire/protocol.gen';
import type { RoomRecord } from './schema';

/*
 * How a room's record changes with what is heard. Pure, because the screen and the disk both do it: each on
 * its own, since another tab may have brought the disk further than this screen. Doing it twice is harmless.
 */

const MOST_UNREAD = 1000;

export function joined(held: RoomRecord | undefined, event: Joined): RoomRecord {
  const other = event.people?.[0] ?? held?.other ?? null;
  if (held) return { ...held, room: newer(held.room, event.room), role: event.role, other };
  const { room, role, head } = event;
  return { id: room.id, room, role, other, head, readSeq: 0, unread: 0, last: null, seen: 0 };
}

export function summarised(held: RoomRecord, summary: Summary): RoomRecord {
  // A summary is younger than anything heard before it, but read marks of this device may be on their way.
  const ahead = held.seen > summary.read_seq;
  return {
    ...held,
    head: Math.max(held.head, summary.head),
    readSeq: ahead ? held.seen : summary.read_seq,
    unread: ahead ? Math.min(held.unread, summary.unread) : summary.unread,
    last: summary.last ?? null,
  };
}

export function roomChanged(held: RoomRecord, event: RoomChanged): RoomRecord {
  return { ...held, head: Math.max(held.head, event.seq), room: newer(held.room, event.room) };
}

export function memberChanged(held: RoomRecord, event: MemberChanged, me: string): RoomRecord {
  const other = held.other?.id === event.person.id ? event.person : held.other;
  const role = event.person.id === me && event.role ? event.role : held.role;
  if (event.seq < held.head) return { ...held, other };
  return { ...held, head: event.seq, other, role, room: { ...held.room, member_count: event.member_count } };
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

function newer<T extends { rev?: number }>(held: T, heard: T): T {
  return (heard.rev ?? 0) >= (held.rev ?? 0) ? heard : held;
}
