/** The same search without a network: in what this device keeps of all rooms. */
import { breath } from '../../lib/breath';
import { actingFor } from '../../local/db';
import { keptOf } from '../../local/searching';
import type { Hit, Message, Understood } from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { called } from './calling';
import { Look, type Fitting, type Naming } from './matching';
import { parse } from './query';

export interface OnDevice {
  hits: Hit[];
  understood: Understood[];
}

type Order = 'newest' | 'best';

const MOST = 500;
const FULL_PAGE = 20;

/** `room`: only there; '' everywhere that I am. Gives way to whoever types; null once that is not `wanted` any more. */
export async function lookOnDevice(typed: string, room: string, order: Order, wanted: () => boolean): Promise<OnDevice | null> {
  const query = parse(typed, Date.now());
  if (!query.groups.length && !query.excluded.length) return { hits: [], understood: [] };
  const look = new Look(query, naming);
  const rest = breath();
  const found: Fitting[] = [];
  for (const id of room ? [room] : rooms.list.map((entry) => entry.room.id)) {
    for await (const message of keptOf(id)) {
      await rest();
      if (!wanted()) return null;
      const fit = look.at(message);
      if (fit) found.push(fit);
    }
  }
  const whole = found.filter(({ inside }) => !inside);
  const hits = (whole.length < FULL_PAGE ? found : whole).sort(order === 'best' ? byWorth : byTime);
  return { hits: hits.slice(0, MOST).map(({ hit }) => hit), understood: look.understood };
}

/** The hit that a message is now; null: none any more. */
export function hitIn(typed: string, message: Message): Hit | null {
  return new Look(parse(typed, Date.now()), naming).at(message)?.hit ?? null;
}

const byTime = (a: Fitting, b: Fitting): number => b.hit.at - a.hit.at || (a.hit.message < b.hit.message ? 1 : -1);
const byWorth = (a: Fitting, b: Fitting): number => b.worth - a.worth || byTime(a, b);

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
