import type { Room } from '../../wire/protocol.gen';
import type { RoomChange } from './manage';

/** What a room lacks of what is wanted. What the server leaves out of a room has its usual value. */
export function changesOf(room: Room, wanted: RoomChange): RoomChange {
  const usual = { name: '', topic: '', icon: '', category: '', history: 'all', posting: 'everyone', slow_s: 0, member_limit: 0 };
  const now: Record<string, unknown> = { ...usual, ...room };
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => now[name] !== value));
}
