/** People and rooms that are called about so: what this device knows at once, with each letter, and behind it what the
 * server adds, such as rooms that one could join. */
import { fuzzy } from '../../lib/fuzzy';
import { actingFor } from '../../local/db';
import { isBlocked } from '../people/blocks.svelte';
import { isDesk, people, type Person } from '../people/people.svelte';
import { rooms, type RoomEntry } from '../rooms/rooms.svelte';
import type { Answer, Room } from './asking.svelte';
import { nearness } from './calling';
import { parse } from './query';

/** One of the three: a room of mine, one that is not mine, or somebody to whom I did not write yet. */
export interface Place {
  key: string;
  entry?: RoomEntry;
  room?: Room;
  person?: Person;
}

const MOST = 6;
const MOST_HELD = 5;

/** Reactive. */
export function placesFor(wanted: string, answer: Pick<Answer, 'people' | 'rooms'> | null): Place[] {
  const held = areNames(wanted) ? mineCalled(wanted) : [];
  const told = [...(answer?.rooms ?? []).map(asRoom), ...(answer?.people ?? []).map(asPerson)];
  const known = new Set(held.map(({ key }) => key));
  const wantedToo = ({ key, person }: Place): boolean => !known.has(key) && !(person && isBlocked(person.id));
  return [...held, ...told.filter(wantedToo)].slice(0, MOST);
}

/** A question for words alone can be one for a name. */
function areNames(wanted: string): boolean {
  const { groups, excluded } = parse(wanted, Date.now());
  return groups.length > 0 && !excluded.length && groups.every((group) => group.every(({ kind }) => kind === 'word' || kind === 'phrase'));
}

/** A person and what one wrote to each other are one place. */
function mineCalled(wanted: string): Place[] {
  const near = nearness(wanted);
  const open = rooms.list.filter(({ room }) => !room.deleted_at);
  const written = new Set(open.flatMap(({ other }) => other?.id ?? []));
  const others = people.all.filter((person) => isSomebody(person) && !written.has(person.id) && !isBlocked(person.id));
  const all: { place: Place; rank: number }[] = [
    ...open.map((entry) => ({ place: { key: entry.room.id, entry }, rank: near(entry.other ? namesOf(entry.other) : [entry.title]) })),
    ...others.map((person) => ({ place: { key: person.id, person }, rank: near(namesOf(person)) })),
  ];
  const fitting = all.filter(({ rank }) => rank < 3).sort((a, b) => a.rank - b.rank);
  return fitting.slice(0, MOST_HELD).map(({ place }) => place);
}

const namesOf = ({ id, display, name }: Person): string[] => [display, name, people.ownName(id)].filter(Boolean);

function asRoom(room: Room): Place {
  const entry = rooms.get(room.id);
  return entry ? { key: room.id, entry } : { key: room.id, room };
}

function asPerson(person: Person): Place {
  const entry = rooms.list.find(({ other, room }) => other?.id === person.id && !room.deleted_at);
  return entry ? { key: entry.room.id, entry } : { key: person.id, person: people.asSeen(person) };
}

/** Who could be looked for. */
export function isSomebody(person: Person): boolean {
  return !person.gone && !isDesk(person) && person.id !== actingFor();
}

/** Those that are called about so, the nearest first. */
export function nearest<Thing>(things: readonly Thing[], typed: string, name: (thing: Thing) => string, most: number): Thing[] {
  const found = things.flatMap((thing) => {
    const near = fuzzy(typed, name(thing));
    return near ? [{ thing, score: near.score }] : [];
  });
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ thing }) => thing);
}
