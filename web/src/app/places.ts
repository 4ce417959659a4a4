/** Going from room to room without looking for one. */
import { rooms, type RoomEntry } from '../features/rooms/rooms.svelte';
import { isQuiet } from '../features/rooms/look';
import { go, path } from '../lib/route';

/** Rooms that were on screen in this tab, the newest first. */
let seen: string[] = [];

export function visited(room: string): void {
  seen = [room, ...seen.filter((each) => each !== room)].slice(0, 12);
}

/** Where one may want to go back to: what was on screen here, then wherever something was said last. */
export function recent(count: number): RoomEntry[] {
  const open = rooms.list.filter(({ room }) => room.id !== rooms.current && !room.deleted_at && !room.archived_at);
  const rank = ({ room }: RoomEntry): number => (seen.includes(room.id) ? seen.indexOf(room.id) : seen.length);
  return open.sort((a, b) => rank(a) - rank(b)).slice(0, count);
}

const calls = (entry: RoomEntry): boolean => (entry.unread > 0 && !isQuiet(entry, Date.now())) || entry.mentions > 0 || entry.markedUnread;

/** Those with something to read, the ones that call for me first. */
export function unread(count: number): RoomEntry[] {
  const open = rooms.list.filter((entry) => entry.room.id !== rooms.current && calls(entry) && !entry.room.deleted_at);
  return open.sort((a, b) => b.mentions - a.mentions).slice(0, count);
}

/** The room above (-1) or below (1) in the list, round the end; with `unread` the nearest one that has something to
 * read. From elsewhere than a room it begins at the end. */
export function beside(step: 1 | -1, unread: boolean): boolean {
  const list = rooms.list.filter(({ room }) => !room.deleted_at && !room.archived_at);
  const from = list.findIndex(({ room }) => room.id === rooms.current);
  const start = from < 0 && step < 0 ? list.length : from;
  for (let far = 1; far <= list.length; far++) {
    const entry = list[(start + far * step + list.length * 2) % list.length];
    if (!entry || entry.room.id === rooms.current || (unread && !calls(entry))) continue;
    go(path.room(entry.room.id));
    return true;
  }
  return false;
}
