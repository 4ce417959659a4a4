/** The same search without a network: in what this device keeps of all rooms. */
import { fuzzy } from '../../lib/fuzzy';
import { actingFor } from '../../local/db';
import { keptOf } from '../../local/searching';
import type { Hit, Person, Room, Understood } from '../../wire/protocol.gen';
import { isDesk, people } from '../people/people.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { called, Look, type Fitting, type Naming } from './matching';
import { parse } from './query';

export interface OnDevice {
  hits: Hit[];
  understood: Understood[];
  people: Person[];
  rooms: Room[];
}

const MOST = 200;
const FULL_PAGE = 20;
const MOST_NAMED = 5;

/** `room`: only there; '' everywhere that I am. */
export async function lookOnDevice(typed: string, room: string, order: 'newest' | 'best'): Promise<OnDevice> {
  const query = parse(typed, Date.now());
  const narrow = new Look(query, naming, false);
  if (!query.groups.length && !query.excluded.length) return { hits: [], understood: [], people: [], rooms: [] };
  const wide = new Look(query, naming, true);
  const found: Fitting[] = [];
  const inside: Fitting[] = [];
  for (const id of room ? [room] : rooms.list.map((entry) => entry.room.id)) {
    for (const message of await keptOf(id)) {
      const fit = narrow.at(message);
      if (fit) found.push(fit);
      else if (found.length < FULL_PAGE) inside.push(...[wide.at(message)].filter((each) => each !== null));
    }
  }
  const all = found.length < FULL_PAGE ? [...found, ...inside] : found;
  const best = order === 'best' ? (a: Fitting, b: Fitting): number => b.worth - a.worth : () => 0;
  const hits = all.sort((a, b) => best(a, b) || b.hit.at - a.hit.at || (a.hit.message < b.hit.message ? 1 : -1));
  const onlyWords = query.groups.every((group) => group.every(({ kind }) => kind === 'word' || kind === 'phrase'));
  const named = !room && onlyWords && !query.excluded.length ? typed : '';
  return { hits: hits.slice(0, MOST).map(({ hit }) => hit), understood: narrow.understood, ...namesOf(named) };
}

function namesOf(typed: string): { people: Person[]; rooms: Room[] } {
  if (!typed) return { people: [], rooms: [] };
  const met = people.all.filter((person) => !person.gone && !isDesk(person) && person.id !== actingFor());
  return {
    people: nearest(met, typed, (person) => `${person.display} ${person.name}`),
    rooms: nearest(rooms.list.filter(({ other, room }) => !other && !room.deleted_at), typed, ({ title }) => title).map(({ room }) => room),
  };
}

/** Those that are called about so, the nearest first. */
export function nearest<Thing>(things: readonly Thing[], typed: string, name: (thing: Thing) => string, most = MOST_NAMED): Thing[] {
  const found = things.map((thing) => ({ thing, score: fuzzy(typed, name(thing))?.score ?? -Infinity }));
  const near = found.filter(({ score }) => score > -Infinity).sort((a, b) => b.score - a.score);
  return near.slice(0, most).map(({ thing }) => thing);
}

const naming: Naming = {
  get me() {
    return actingFor();
  },
  people: (value) => peopleCalled(value),
  rooms: (value) => roomsCalled(value),
};

function peopleCalled(value: string): string[] {
  if (value === 'me') return [actingFor()];
  const exact = people.all.filter(({ id, name }) => value === id || value === name);
  if (exact.length) return exact.map(({ id }) => id);
  return called(value, people.all.map(({ id, name, display }) => [id, name, display, people.ownName(id)] as const));
}

function roomsCalled(value: string): string[] {
  if (rooms.get(value)) return [value];
  const found = called(value, rooms.list.filter(({ other }) => !other).map(({ room, title }) => [room.id, title] as const));
  if (found.length) return found;
  const meant = new Set(peopleCalled(value));
  return rooms.list.filter(({ other }) => other && meant.has(other.id)).map(({ room }) => room.id);
}
