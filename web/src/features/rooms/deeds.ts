import type { Member, Role } from '../../wire/protocol.gen';
import type { RoomEntry } from './entries';
import { mayTo, type Deed } from './permissions';

/** What one may do with a member, in the order in which it is offered. */
export type MemberDeed = 'message' | 'moderator' | 'plain' | 'transfer' | 'mute' | 'unmute' | 'remove' | 'ban';

interface Offer {
  deed: MemberDeed;
  needs: Deed;
  to: (role: Role, muted: boolean) => boolean;
}

const always = (): boolean => true;

const OFFERS: Offer[] = [
  { deed: 'moderator', needs: 'set_role', to: (role) => role === 'member' },
  { deed: 'plain', needs: 'set_role', to: (role) => role === 'moderator' },
  { deed: 'transfer', needs: 'transfer', to: (role) => role !== 'guest' },
  { deed: 'mute', needs: 'mute_member', to: (_, muted) => !muted },
  { deed: 'unmute', needs: 'mute_member', to: (_, muted) => muted },
  { deed: 'remove', needs: 'remove_member', to: always },
  { deed: 'ban', needs: 'ban', to: always },
];

/** Nothing for oneself: what one can do with oneself is to leave. */
export function deedsFor(entry: Pick<RoomEntry, 'room' | 'role'>, { person, role, muted_until = 0 }: Member, me: string, now: number): MemberDeed[] {
  if (person.id === me || person.gone) return [];
  const offered = OFFERS.filter(({ needs, to }) => mayTo(entry, needs, role) && to(role, muted_until > now));
  const talk: MemberDeed[] = person.guest || entry.role === 'guest' ? [] : ['message'];
  return [...talk, ...offered.map(({ deed }) => deed)];
}
