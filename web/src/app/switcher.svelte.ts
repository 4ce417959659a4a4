/** What the switcher finds: places to read, recent ones, and for whoever types whatever fits, the nearest first. */
import { session } from '../features/auth/session.svelte';
import { Finding } from '../features/people/finding.svelte';
import { isBlocked } from '../features/people/blocks.svelte';
import { isDesk, openPerson, people, type Person } from '../features/people/people.svelte';
import { rooms, type RoomEntry } from '../features/rooms/rooms.svelte';
import { t } from '../lib/i18n/areas/switcher';
import { fuzzy, type Hit } from '../lib/fuzzy';
import { problemOf } from '../lib/problem';
import { go, path } from '../lib/route';
import { actions, type Action } from '../ui/actions';
import { toasts } from '../ui/toasts.svelte';
import './offers';
import { recent, unread } from './places';

export interface Found {
  key: string;
  title: string;
  /** Stands behind the title, such as a name to sign in with. */
  aside: string;
  marks: Hit['marks'];
  score: number;
  entry?: RoomEntry;
  person?: Person;
  action?: Action;
  act: () => void;
  /** With Shift. */
  other?: () => void;
}

export interface Shelf {
  title: `switcher.${'unread' | 'recent' | 'rooms' | 'dms' | 'people' | 'actions' | 'messages'}`;
  found: Found[];
}

const MOST = { rooms: 7, dms: 5, people: 5, actions: 6 };
const FIRST = 5;

export class Switcher {
  wanted = $state('');
  #people = new Finding();

  /** Those whom nobody here has met yet are asked for. */
  look(): void {
    if (this.wanted.trim() && !session.guest) this.#people.look(this.wanted);
  }

  /** Reactive. */
  get shelves(): Shelf[] {
    const wanted = this.wanted.trim();
    const shelves = wanted ? this.#fitting(wanted) : this.#first();
    return shelves.filter(({ found }) => found.length);
  }

  #first(): Shelf[] {
    const news = unread(FIRST);
    const last = recent(FIRST + news.length).filter((entry) => !news.includes(entry)).slice(0, FIRST);
    const offered = actions().filter(({ first }) => first !== undefined);
    return [
      { title: 'switcher.unread', found: news.map((entry) => ofRoom(entry)) },
      { title: 'switcher.recent', found: last.map((entry) => ofRoom(entry)) },
      { title: 'switcher.actions', found: offered.sort((a, b) => (a.first ?? 0) - (b.first ?? 0)).map((each) => ofAction(each)) },
    ];
  }

  #fitting(wanted: string): Shelf[] {
    const open = rooms.list.filter(({ room }) => !room.deleted_at);
    const met = new Set(open.flatMap(({ other }) => other?.id ?? []));
    const others = session.guest ? [] : people.all.filter((person) => !met.has(person.id) && isSomebody(person));
    const shelves: Shelf[] = [
      { title: 'switcher.rooms', found: best(open.filter(({ other }) => !other), MOST.rooms, (entry) => roomFor(wanted, entry)) },
      { title: 'switcher.dms', found: best(open.filter(({ other }) => other), MOST.dms, (entry) => roomFor(wanted, entry)) },
      { title: 'switcher.people', found: best(others, MOST.people, (person) => personFor(wanted, person)) },
      { title: 'switcher.actions', found: best(actions(), MOST.actions, (action) => actionFor(wanted, action)) },
    ];
    shelves.sort((a, b) => (b.found[0]?.score ?? 0) - (a.found[0]?.score ?? 0));
    // What was said is another page's to find; the words go along.
    return session.guest ? shelves : [...shelves, { title: 'switcher.messages', found: [saying(wanted)] }];
  }
}

function isSomebody(person: Person): boolean {
  return person.id !== session.me?.id && !person.gone && !person.guest && !isDesk(person) && !isBlocked(person.id);
}

function best<Thing>(things: readonly Thing[], count: number, find: (thing: Thing) => Found | null): Found[] {
  const found = things.flatMap((thing) => find(thing) ?? []);
  return found.sort((a, b) => b.score - a.score).slice(0, count);
}

/** By the title, else by another name, which is then not marked. */
function hit(wanted: string, title: string, also: string): Hit | null {
  const [shown, hidden] = [fuzzy(wanted, title), also ? fuzzy(wanted, also) : null];
  if (shown && (!hidden || shown.score >= hidden.score - 1)) return shown;
  return hidden && { score: hidden.score - 1, marks: [] };
}

function ofRoom(entry: RoomEntry, { score, marks }: Hit = { score: 0, marks: [] }): Found {
  const { id } = entry.room;
  const found = { key: id, title: entry.title, aside: '', marks, score, entry, act: () => go(path.room(id)) };
  const other = entry.other;
  return other && !other.gone ? { ...found, aside: `@${other.name}`, other: () => openPerson(other.id) } : found;
}

/** Of rooms that fit alike, those come first in which there is something to read, and those last that are put away. */
function roomFor(wanted: string, entry: RoomEntry): Found | null {
  const found = hit(wanted, entry.title, entry.other?.name ?? '');
  if (!found) return null;
  const liked = (entry.mentions ? 2 : entry.unread ? 1 : 0) - (entry.room.archived_at ? 4 : 0);
  return ofRoom(entry, { ...found, score: found.score + liked + 1 });
}

function personFor(wanted: string, person: Person): Found | null {
  const found = hit(wanted, person.display, `${person.name} ${people.ownName(person.id)}`);
  return found && { key: person.id, title: person.display, aside: `@${person.name}`, person, ...found, act: () => void write(person), other: () => openPerson(person.id) };
}

async function write(person: Person): Promise<void> {
  try {
    go(path.room(await rooms.startDm(person.id)));
  } catch (thrown) {
    toasts.say(problemOf(thrown).text);
  }
}

function ofAction(action: Action, { score, marks }: Hit = { score: 0, marks: [] }): Found {
  return { key: action.id, title: action.label, aside: '', marks, score, action, act: action.act };
}

function actionFor(wanted: string, action: Action): Found | null {
  const found = hit(wanted, action.label, action.also ?? '');
  return found && ofAction(action, found);
}

export const SAYING = 'said';

function saying(words: string): Found {
  const title = t('switcher.search.for', { words });
  const act = (): void => void searchFor(words).catch(() => undefined);
  return ofAction({ id: SAYING, label: title, icon: 'search', act });
}

async function searchFor(words: string): Promise<void> {
  const { search } = await import('../features/search/search.svelte');
  search.begin(words);
  go(path.search);
}

export const heading = (shelf: Shelf): string => t(shelf.title);
