import { session } from '../auth/session.svelte';
import { connection } from '../connection.svelte';
import type { RoomEntry } from '../rooms/rooms.svelte';
import { floorFor, type Floor } from './floor';
import { timelineOf } from './timelines';

export type { Floor } from './floor';
export { FOR_EVER } from '../../wire/protocol.gen';

/** Reactive, except that time passes: whoever shows a wait asks again when it is over. Moments are by this machine's
 * clock. */
export function floorOf(entry: RoomEntry): Floor {
  const here = Date.now();
  const ahead = connection.clock.now(here) - here;
  const mine = timelineOf(entry.room.id).items.findLast((item) => item.mine && item.state !== 'failed');
  // What is still on its way was stamped by this machine.
  const lastAt = mine ? (mine.seq ? mine.at : mine.at + ahead) : 0;
  const floor = floorFor(entry, session.me?.muted_until ?? 0, lastAt, here + ahead);
  return 'until' in floor ? { ...floor, until: floor.until - ahead } : floor;
}
