import type { RoomEntry } from './entries';
import type { IconName } from '../../ui/icons';

/** What stands beside a room's name, to tell it from the usual ones at a glance. */
export function signOf({ room }: Pick<RoomEntry, 'room'>): IconName | undefined {
  if (room.deleted_at) return 'trash';
  if (room.archived_at) return 'archive';
  if (room.kind === 'secret') return 'eyeOff';
  return room.kind === 'private' ? 'lock' : undefined;
}

/** Whether what is new there shall call nobody. */
export function isQuiet({ level, mutedUntil }: Pick<RoomEntry, 'level' | 'mutedUntil'>, now: number): boolean {
  return level === 'nothing' || mutedUntil > now;
}
