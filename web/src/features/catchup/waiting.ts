import { calls } from '../alerts/rules';
import type { RoomEntry } from '../rooms/entries';

type Waiting = Pick<RoomEntry, 'unread' | 'markedUnread' | 'mentions' | 'level' | 'mutedUntil' | 'room'>;

/** Something there is still to be read. */
export function waits({ unread, markedUnread, room }: Waiting): boolean {
  return (unread > 0 || markedUnread) && !room.deleted_at;
}

/** Counted, but nobody is to be called by it. */
export function isQuiet(entry: Waiting, now: number): boolean {
  return !calls(entry, entry.mentions > 0, now);
}
