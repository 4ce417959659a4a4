/** Whether I may write in a room now, and if not, why. */
import { may } from '../rooms/permissions';
import type { RoomEntry } from '../rooms/rooms.svelte';

export type Floor =
  | { kind: 'open' }
  /** `until`: ms since the epoch by the server's clock; for ever at FOR_EVER. */
  | { kind: 'muted'; until: number }
  | { kind: 'slow'; until: number }
  | { kind: 'archived' }
  /** A support conversation, which whoever is in it may open again. */
  | { kind: 'closed'; room: string }
  | { kind: 'moderators' }
  | { kind: 'guest' };

/** `silenced`: until when I may write nowhere. `lastAt`: when I last wrote here; both by the server's clock, as `now`. */
export function floorFor(entry: RoomEntry, silenced: number, lastAt: number, now: number): Floor {
  const { room, silentUntil } = entry;
  if (room.archived_at) return room.kind === 'support' ? { kind: 'closed', room: room.id } : { kind: 'archived' };
  if (!may(entry, 'post')) return { kind: 'guest' };
  if (room.posting === 'moderators' && !may(entry, 'post_freely')) return { kind: 'moderators' };
  const until = Math.max(silentUntil, silenced);
  if (until > now) return { kind: 'muted', until };
  const next = room.slow_s && lastAt && !may(entry, 'post_freely') ? lastAt + room.slow_s * 1000 : 0;
  return next > now ? { kind: 'slow', until: next } : { kind: 'open' };
}
