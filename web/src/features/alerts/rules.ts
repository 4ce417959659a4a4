/** What calls somebody, and what is only counted. */
import type { RoomEntry } from '../rooms/entries';

type Wanted = Pick<RoomEntry, 'level' | 'mutedUntil'>;

/** Whether a new message there may call me now. */
export function calls({ level, mutedUntil }: Wanted, forMe: boolean, now: number): boolean {
  if (mutedUntil > now || level === 'nothing') return false;
  return level === 'all' || forMe;
}

/** How much of what is new in a room calls for me: what the title and the app's icon count. */
export function callsOf(entry: Wanted & Pick<RoomEntry, 'unread' | 'mentions' | 'markedUnread'>, now: number): number {
  if (!calls(entry, true, now)) return 0;
  if (entry.level === 'mentions') return entry.mentions;
  return entry.unread || (entry.markedUnread ? 1 : 0);
}

/** How many messages there are for me by name that I have not read, where they may call me. */
export function mentionsOf(entry: Wanted & Pick<RoomEntry, 'mentions'>, now: number): number {
  return calls(entry, true, now) ? entry.mentions : 0;
}
