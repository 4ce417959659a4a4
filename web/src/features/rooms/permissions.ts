import type { Role } from '../../wire/protocol.gen';
import { RANK, RIGHTS, type Deed } from '../../wire/rights.gen';
import type { RoomEntry } from './entries';

export type { Deed } from '../../wire/rights.gen';

/** Whether my role in this room lets me do it. What a room is at the moment (archived, say) comes on top. */
export function may({ room, role }: Pick<RoomEntry, 'room' | 'role'>, deed: Deed): boolean {
  return RIGHTS[deed][room.kind]?.includes(role) ?? false;
}

/** What somebody may do to a person in this room: only to those who are less than oneself. */
export function mayTo(entry: Pick<RoomEntry, 'room' | 'role'>, deed: Deed, other: Role): boolean {
  return may(entry, deed) && RANK[entry.role] > RANK[other];
}
