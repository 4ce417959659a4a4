import { forget } from '../../local/owner';
import { get, post } from '../../wire/http';
import { LIMITS, type AllRooms, type RoomOrder, type RoomRow } from '../../wire/protocol.gen';
import { Sought } from './paged.svelte';

export type { RoomRow } from '../../wire/protocol.gen';
export type Order = RoomOrder['order'];

export const REASON = LIMITS.RoomOrder.reason.maxLength;
export const KINDS = ['all', 'public', 'private', 'secret'] as const;
export type Kind = (typeof KINDS)[number];

/** Every room that has a name, as admins see it: what it is, but nothing of what is said in it. */
class AdminRooms extends Sought<RoomRow> {
  kind = $state<Kind>('all');

  constructor() {
    super(async (last) => {
      const all = { q: this.q.trim(), kind: this.kind === 'all' ? '' : this.kind, after: last?.room.id ?? '' };
      const query = new URLSearchParams(Object.entries(all).filter(([, value]) => value));
      const { rooms, more, total } = await get<AllRooms>(`admin/rooms?${query}`);
      return { items: rooms, more, total };
    });
    forget.on(() => {
      this.clear();
      this.kind = 'all';
    });
  }

  /** Throws ApiError. */
  async order(id: string, order: Order, reason: string): Promise<void> {
    const { room } = await post<RoomRow>(`admin/rooms/${id}`, { order, reason });
    this.alter(
      (row) => row.room.id === id,
      (row) => ({ ...row, room }),
    );
  }
}

export const adminRooms = new AdminRooms();

/** What an admin may order of a room as it is now. */
export function ordersFor({ room }: RoomRow): Order[] {
  if (room.deleted_at) return ['restore'];
  return [room.archived_at ? 'unarchive' : 'archive', 'delete'];
}
