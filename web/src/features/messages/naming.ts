import { EVERYONE, writingAt } from '../../lib/mentions';
import { actingFor } from '../../local/db';
import { isBlocked } from '../people/blocks.svelte';
import { isDesk, nameOf } from '../people/people.svelte';
import type { Choice, Source } from './completion.svelte';
import { mentionablesOf, type Person } from './mentionables.svelte';
import { timelineOf } from './timelines';

const MOST = 30;

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** How well a query finds somebody: 0 by the beginning of a name, 1 by a later word of it, -1 not at all. */
export function fit(query: string, { name, label }: { name: string; label: string }): number {
  const wanted = plain(query);
  const shown = plain(label);
  if (name.startsWith(wanted) || shown.startsWith(wanted)) return 0;
  return shown.split(/[\s.-]+/).some((word) => word.startsWith(wanted)) ? 1 : -1;
}

/** Names that are written after an @. */
export function naming(roomId: string): Source {
  return {
    kind: 'people',
    at: writingAt,
    find: (query) => find(roomId, query),
    load: () => mentionablesOf(roomId).load(),
    done: (choice, query) => choice.key === query,
  };
}

function choice(name: string, label: string, person: Person | null): Choice {
  return { key: name, insert: `@${name}`, label, hint: `@${name}`, person };
}

function find(roomId: string, query: string): Choice[] {
  const { people, everyone } = mentionablesOf(roomId);
  const lately = speakers(roomId);
  const all = people
    .filter(({ id, name, gone }) => name && !gone && id !== actingFor() && !isBlocked(id) && !isDesk({ id, name }))
    .map((person) => ({ name: person.name, label: nameOf(person), person }))
    .map((each) => ({ ...each, fits: fit(query, each), spoke: lately.get(each.person.id) ?? Infinity }))
    .filter(({ fits }) => fits >= 0)
    .sort((a, b) => a.fits - b.fits || a.spoke - b.spoke || a.label.localeCompare(b.label));
  const found = all.slice(0, MOST).map(({ name, label, person }) => choice(name, label, person));
  if (everyone && EVERYONE.startsWith(query)) found.push(choice(EVERYONE, `@${EVERYONE}`, null));
  return found;
}

/** Who spoke last comes first. */
function speakers(roomId: string): Map<string, number> {
  const authors = timelineOf(roomId).items.toReversed().map((item) => item.author.id);
  return new Map([...new Set(authors)].map((id, at) => [id, at]));
}
