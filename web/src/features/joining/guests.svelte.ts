import { get, post, remove } from '../../wire/http';
import { LIMITS, type GuestDoor, type GuestLink, type GuestLinks, type SignedIn } from '../../wire/protocol.gen';
import { session } from '../auth/session.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { settling } from '../welcome/settling.svelte';

export type { GuestDoor, GuestLink } from '../../wire/protocol.gen';

export const NAME = LIMITS.EnterAsGuest.display.maxLength;
const SHOWS_WITHIN = 5000;

/* All of it throws ApiError. */

export const lookAt = (code: string): Promise<GuestDoor> => get(`guest-links/${encodeURIComponent(code)}`);

/** Returns the room that the link leads into; '' if that is long in coming. */
export async function enterAsGuest(code: string, display: string): Promise<string> {
  await session.enter('guests', { code, display });
  const until = Date.now() + SHOWS_WITHIN;
  while (!rooms.list.length && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
  return rooms.list[0]?.room.id ?? '';
}

/** The same account goes on, as a member; its socket comes again by itself. */
export async function becomeMember(wanted: {
  name: string;
  display: string;
  password: string;
  invite: string;
}): Promise<void> {
  const { me } = await post<SignedIn>('guests/me/member', wanted);
  session.me = me;
  settling.begin();
}

/** The links by which guests come into one room. */
export class RoomGuests {
  /** null: not here yet. Newest first. */
  list = $state.raw<readonly GuestLink[] | null>(null);

  constructor(private readonly room: string) {}

  async load(): Promise<void> {
    this.list = (await get<GuestLinks>(`rooms/${this.room}/guest-links`)).links;
  }

  async make(uses: number, hours: number): Promise<GuestLink> {
    const made = await post<GuestLink>(`rooms/${this.room}/guest-links`, { uses, hours });
    this.list = [made, ...(this.list ?? [])];
    return made;
  }

  async revoke(link: GuestLink, andGuests: boolean): Promise<void> {
    await remove(`guest-links/${link.id}${andGuests ? '?guests=1' : ''}`);
    await this.load();
  }
}

/** Whether somebody can still come in by it. */
export function works({ uses_left, expires_at }: GuestLink, now: number): boolean {
  return uses_left > 0 && expires_at > now;
}
