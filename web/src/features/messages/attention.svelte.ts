import { mint } from '../../lib/ids';
import { go, path } from '../../lib/route';
import type { RoomRecord } from '../../local/schema';
import type { Attention } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { rooms } from '../rooms/rooms.svelte';

export type { Attention } from '../../wire/protocol.gen';
export { FOR_EVER } from '../../wire/protocol.gen';

/** What of a room shall call me, and what I put aside. Shown at once, and taken back when the server refuses. */
class AttentionOf {
  /** Throws ApiError. `until`: nothing until then, whatever `level` says; 0: not muted. */
  async set(room: string, level: Attention, until: number): Promise<void> {
    const held = rooms.get(room);
    if (!held) return;
    await this.#ahead(
      room,
      (record) => ({ ...record, level, mutedUntil: until }),
      (record) => ({ ...record, level: held.level, mutedUntil: held.mutedUntil }),
      () => connection.carryOut({ op: 'set_attention', client_id: mint(), room, level, muted_until: until }),
    );
  }

  /** Throws ApiError. A room that is on screen is left, since looking at it takes it back. */
  async markUnread(room: string): Promise<void> {
    if (rooms.current === room) go(path.home);
    await this.#ahead(
      room,
      (record) => ({ ...record, markedUnread: true }),
      (record) => ({ ...record, markedUnread: false }),
      () => connection.carryOut({ op: 'mark_unread', client_id: mint(), room }),
    );
  }

  /** Everything there counts as read, seen or not. */
  async markRead(room: string): Promise<void> {
    const held = rooms.get(room);
    if (held) rooms.markSeen(room, held.head, { unread: 0, mentions: 0 });
  }

  async #ahead(
    room: string,
    how: (held: RoomRecord) => RoomRecord,
    back: (held: RoomRecord) => RoomRecord,
    ask: () => Promise<unknown>,
  ): Promise<void> {
    rooms.amend(room, how);
    try {
      await ask();
    } catch (error) {
      rooms.amend(room, back);
      throw error;
    }
  }
}

export const attention = new AttentionOf();
