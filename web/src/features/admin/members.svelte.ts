import { forget } from '../../local/owner';
import { get } from '../../wire/http';
import type { Accounts, AccountRow } from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { Sought } from './paged.svelte';

export type { AccountRow, CommunityRole, Standing } from '../../wire/protocol.gen';

/** One of the ways to look at the members: a role, or how somebody stands. */
export const VIEWS = ['all', 'admin', 'moderator', 'newcomer', 'muted', 'suspended', 'guest', 'deleted'] as const;
export type View = (typeof VIEWS)[number];

/** Everybody with an account, as the staff sees them. */
class Members extends Sought<AccountRow> {
  view = $state<View>('all');

  constructor() {
    super(async (last) => {
      const found = await get<Accounts>(`accounts?${asked(this.q, this.view, last?.person.id)}`);
      people.remember(found.accounts.map(({ person }) => person));
      return { items: found.accounts, more: found.more, total: found.total };
    });
    forget.on(() => {
      this.clear();
      this.view = 'all';
    });
  }
}

export function asked(q: string, view: View, after = ''): string {
  const role = view === 'admin' || view === 'moderator' ? view : '';
  const standing = role || view === 'all' ? '' : view;
  const all = { q: q.trim(), role, standing, after };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value)).toString();
}

export const members = new Members();
