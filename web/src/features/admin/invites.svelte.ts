import { problemOf } from '../../lib/problem';
import { get, post, remove } from '../../wire/http';
import { LIMITS, type Invite, type Invites as Answer, type NewInvite } from '../../wire/protocol.gen';
import { may } from '../rooms/permissions';
import type { RoomEntry } from '../rooms/rooms.svelte';

export type { Invite, InviteRole, NewInvite } from '../../wire/protocol.gen';

export const NOTE = LIMITS.NewInvite.note.maxLength;
export const MOST_ROOMS = LIMITS.NewInvite.rooms.maxLength;

/** The links that let people in, for the staff. */
export class AdminInvites {
  /** null: not here yet. */
  list = $state.raw<readonly Invite[] | null>(null);
  /** Also those by which nobody comes in any more. */
  spent = $state(false);
  /** Text for people. */
  problem = $state('');
  #asked: object = {};

  async load(): Promise<void> {
    const asked = (this.#asked = {});
    try {
      const { invites } = await get<Answer>(this.spent ? 'invites?spent=1' : 'invites');
      if (this.#asked !== asked) return;
      this.list = invites;
      this.problem = '';
    } catch (thrown) {
      if (this.#asked === asked) this.problem = problemOf(thrown).text;
    }
  }

  /** These two throw ApiError. */
  async make(wanted: NewInvite): Promise<Invite> {
    const made = await post<Invite>('invites', wanted);
    this.list = [made, ...(this.list ?? [])];
    return made;
  }

  async revoke(id: string): Promise<void> {
    await remove(`invites/${id}`);
    await this.load();
  }
}

/** Why nobody comes in by it any more; '' when somebody can. */
export function endOf({ uses_left, expires_at, revoked_at }: Invite, now: number): '' | 'spent' | 'expired' | 'revoked' {
  if (revoked_at) return 'revoked';
  if (uses_left < 1) return 'spent';
  return expires_at <= now ? 'expired' : '';
}

/** Rooms that an invitation of mine may lead into. */
export function landings(entries: readonly RoomEntry[]): RoomEntry[] {
  return entries.filter((entry) => {
    const { kind, archived_at, deleted_at } = entry.room;
    return (kind === 'public' || kind === 'private') && !archived_at && !deleted_at && may(entry, 'add_member');
  });
}
