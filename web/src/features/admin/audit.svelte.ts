import { get } from '../../wire/http';
import type { AuditEntry, AuditLog } from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { Paged } from './paged.svelte';

export type { Person } from '../../wire/protocol.gen';
export type Side = 'subject' | 'actor';

/** What was done by power, newest first: all of it, or to or by one person. */
export class AuditPages extends Paged<AuditEntry> {
  side = $state<Side>('subject');

  constructor(person: string) {
    super(async (last) => {
      const query = new URLSearchParams({ ...(person ? { [this.side]: person } : {}), ...(last ? { before: last.id } : {}) });
      const { entries, more } = await get<AuditLog>(`audit?${query}`);
      people.remember(entries.flatMap(({ actor, person }) => [actor, person].filter((each) => !!each)));
      return { items: entries, more };
    });
  }
}

/** The name of somebody, asked for when nothing here knows it. '' when that fails. */
export async function nameOf(id: string): Promise<string> {
  const known = people.byId(id);
  if (known) return known.display;
  const found = await get<{ account: { person: { display: string } } }>(`accounts/${id}`).catch(() => null);
  return found?.account.person.display ?? '';
}
