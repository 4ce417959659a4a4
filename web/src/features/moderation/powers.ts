import type { CommunityRole } from '../../wire/protocol.gen';

interface Somebody {
  id: string;
  role?: CommunityRole;
}

/** As the server judges: nobody suspends or silences an admin or themselves, and only admins a moderator. */
export function mayJudge(me: Somebody | null, other: Somebody): boolean {
  if (!me || me.id === other.id || other.role === 'admin' || other.role === 'desk') return false;
  if (me.role === 'admin') return true;
  return me.role === 'moderator' && other.role !== 'moderator';
}

/** Make somebody something else in the community; guests have no account of their own. */
export function mayAppoint(me: Somebody | null, other: Somebody): boolean {
  return me?.role === 'admin' && other.role !== 'guest' && other.role !== 'desk';
}

/** Make a link by which somebody else chooses a new password. */
export function mayReset(me: Somebody | null, other: Somebody): boolean {
  return mayAppoint(me, other) && me?.id !== other.id;
}
