import { SvelteMap } from 'svelte/reactivity';
import { t } from '../../lib/i18n';
import { mint } from '../../lib/ids';
import { Signal } from '../../lib/signal';
import { met } from '../../local/held';
import { arrived, forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get } from '../../wire/http';
import type { People as Found, Person } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';

export type { Person } from '../../wire/protocol.gen';
export { isDesk } from '../../lib/desk';

/** Everybody who was met, by the names that I call them. */
class People {
  /** Somebody new, or under another name. */
  readonly changed = new Signal();
  /** Whose card is open; '' for nobody's. */
  opened = $state('');
  #known = new SvelteMap<string, Person>();
  #nicknames = new SvelteMap<string, string>();
  /** The same object as long as nothing about it changes. */
  #shown = new WeakMap<Person, Person>();

  constructor() {
    forget.on(() => {
      this.opened = '';
      this.#known.clear();
      this.#nicknames.clear();
    });
    arrived.on((held) => {
      this.#call(held.nicknames);
      this.remember(held.people);
    });
    met.on((people) => this.remember(people));
    sync.changes.on((change) => {
      if (change.type === 'summary' && change.summary.person) this.remember([change.summary.person]);
      if (change.type !== 'event') return;
      const { event } = change;
      if (event.op === 'message' || event.op === 'member') this.remember([event.person]);
      if (event.op === 'joined') this.remember(event.people ?? []);
      if (event.op === 'blocked') this.remember(event.people);
      if (event.op === 'me') this.remember([event.me]);
      if (event.op === 'nicknames') this.#call(event.nicknames);
    });
  }

  /** Reactive. Under the name that I call them. */
  byId(id: string): Person | undefined {
    const person = this.#known.get(id);
    return person && this.asSeen(person);
  }

  /** Reactive. Everybody who was met, as I call them. */
  get all(): Person[] {
    return [...this.#known.values()].map((person) => this.asSeen(person));
  }

  /** By the name that they sign in with, as far as they are known here. */
  byName(name: string): Person | undefined {
    const found = name ? [...this.#known.values()].find((person) => person.name === name) : undefined;
    return found && this.asSeen(found);
  }

  /** Reactive. Somebody as the server tells of them, under the name that I call them. Whatever shows a name gets it
   * from here. */
  asSeen(person: Person): Person {
    const display = person.gone ? t('person.gone') : this.#nicknames.get(person.id) || person.display;
    if (display === person.display) return person;
    let shown = this.#shown.get(person);
    if (shown?.display !== display) {
      shown = { ...person, display };
      this.#shown.set(person, shown);
    }
    return shown;
  }

  /** Those of whom a word of my own name for them begins with `q`: the server does not look for that. */
  nicknamed(q: string): Person[] {
    const wanted = q.toLocaleLowerCase();
    const words = (name: string): string[] => [name, ...name.split(/[^\p{L}\p{N}]+/u)];
    const fits = (name: string): boolean => words(name.toLocaleLowerCase()).some((word) => word.startsWith(wanted));
    const found = wanted ? [...this.#nicknames].filter(([, name]) => fits(name)) : [];
    return found.flatMap(([id]) => this.byId(id) ?? []).filter(({ gone }) => !gone);
  }

  /** Reactive. What they call themselves. */
  ownName(id: string): string {
    return this.#known.get(id)?.display ?? '';
  }

  /** Reactive. What I call them; '' when just as they call themselves. */
  nickname(id: string): string {
    return this.#nicknames.get(id) ?? '';
  }

  /** Shown at once; throws ApiError, and then it is as it was. */
  async setNickname(person: string, name: string): Promise<void> {
    const before = this.nickname(person);
    this.#name(person, name.trim());
    try {
      await connection.carryOut({ op: 'set_nickname', client_id: mint(), person, name });
    } catch (error) {
      this.#name(person, before);
      throw error;
    }
  }

  /** By the beginnings of names. Throws ApiError. */
  async search(q: string): Promise<Person[]> {
    return (await this.page(q)).people;
  }

  /** A page of the list of people, behind the one whose id is `after`. Throws ApiError. */
  async page(q: string, after = ''): Promise<{ people: Person[]; more: boolean }> {
    const { people, more = false } = await get<Found>(`people?${new URLSearchParams({ q, after })}`);
    this.remember(people);
    return { people: people.map((person) => this.asSeen(person)), more };
  }

  remember(people: Person[]): void {
    let news = false;
    for (const person of people) {
      const held = this.#known.get(person.id);
      if (held && sameLook(held, person)) continue;
      this.#known.set(person.id, person);
      news = true;
    }
    if (news) this.changed.send();
  }

  #name(person: string, name: string): void {
    if (name) this.#nicknames.set(person, name);
    else this.#nicknames.delete(person);
    this.changed.send();
  }

  #call(nicknames: readonly { person: string; name: string }[]): void {
    const named = new Set(nicknames.map(({ person }) => person));
    for (const person of [...this.#nicknames.keys()]) if (!named.has(person)) this.#nicknames.delete(person);
    for (const { person, name } of nicknames) this.#nicknames.set(person, name);
    this.changed.send();
  }
}

/** Nothing that shows has changed. */
function sameLook(a: Person, b: Person): boolean {
  const parts = ['name', 'display', 'picture', 'status', 'status_until', 'guest', 'gone'] as const;
  return parts.every((part) => (a[part] || '') === (b[part] || ''));
}

export const people = new People();

/** Reactive. What somebody is called here; '' for nobody. */
export function nameOf(person: Person | undefined): string {
  return person ? people.asSeen(person).display : '';
}

/** Show somebody's card. */
export function openPerson(id: string): void {
  people.opened = id;
}

/** What somebody says of themselves just now; '' once its time is over. `now` in ms since the epoch. */
export function statusOf(person: Person | undefined, now: number): string {
  const { status = '', status_until: until = 0 } = person ?? {};
  return until && until <= now ? '' : status;
}
