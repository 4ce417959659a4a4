import type { RoomEntry } from '../rooms/entries';
import type { Digest } from './digest';
import type { Standing } from './rank';
import { waits } from './waiting';

/** `waiting`: not looked at yet. `held`: only what this device has. `failed`: the server did not answer. */
export type Phase = 'waiting' | 'whole' | 'held' | 'failed';

/** A room as it stood when it was laid out; what comes later does not change it. */
export interface Card extends Standing {
  mark: number;
  head: number;
  /** The last message that it knows of. */
  newest: number;
  /** Put aside to come back to. */
  aside: boolean;
  phase: Phase;
  /** Stands among those for me. */
  first: boolean;
  digest: Digest | null;
}

export function cardOf(entry: RoomEntry): Card {
  const { room, role, unread, mentions, lastAt, last, readSeq, head, markedUnread } = entry;
  // In a support conversation of mine somebody speaks to me; of the others' the staff has a room each.
  const direct = room.kind === 'dm' || (room.kind === 'support' && role !== 'staff');
  return {
    room: room.id,
    direct,
    unread,
    mentions,
    lastAt,
    found: 0,
    mark: readSeq,
    head,
    newest: last?.seq ?? head,
    aside: markedUnread && unread === 0,
    phase: 'waiting',
    first: false,
    digest: null,
  };
}

/** Somebody has read it since, on another device or in the room; or is not in it any more. */
export function isDone(card: Card, entry: RoomEntry | undefined): boolean {
  return !entry || !waits(entry) || (!card.aside && entry.readSeq >= card.newest);
}

/** How many messages came after the card was laid out. */
export function sinceThen(card: Card, entry: RoomEntry | undefined): number {
  if (!entry) return 0;
  return isDone(card, entry) ? entry.unread : Math.max(0, entry.unread - card.unread);
}
