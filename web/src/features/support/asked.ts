import type { RoomEntry } from '../rooms/rooms.svelte';

/** The support conversations that I asked for, not those that I look after: open ones first, newest first. */
export function asked(entries: readonly RoomEntry[]): RoomEntry[] {
  const mine = entries.filter(({ room, role }) => room.kind === 'support' && role !== 'staff');
  return mine.sort((a, b) => Number(!!a.room.archived_at) - Number(!!b.room.archived_at));
}
