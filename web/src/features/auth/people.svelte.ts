import { SvelteMap } from 'svelte/reactivity';
import { Signal } from '../../lib/signal';
import { met } from '../../local/held';
import { arrived, forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get } from '../../wire/http';
import type { People as Found, Person } from '../../wire/protocol.gen';

export type { Person } from '../../wire/protocol.gen';

class People {
  /** Somebody new, or under another name. */
  readonly changed = new Signal();
  #known = new SvelteMap<string, Person>();

  constructor() {
    forget.on(() => this.#known.clear());
    arrived.on((held) => this.remember(held.people));
    met.on((people) => this.remember(people));
    sync.changes.on((change) => {
      if (change.type === 'summary' && change.summary.person) this.remember([change.summary.person]);
      if (change.type !== 'event') return;
      const { event } = change;
      if (event.op === 'message' || event.op === 'member') this.remember([event.person]);
      if (event.op === 'joined') this.remember(event.people ?? []);
      if (event.op === 'me') this.remember([{ id: event.me.id, name: event.me.name, display: event.me.display }]);
    });
  }

  /** Reactive. */
  byId(id: string): Person | undefined {
    return this.#known.get(id);
  }

  /** By the name that they sign in with, as far as they are known here. */
  byName(name: string): Person | undefined {
    return name ? [...this.#known.values()].find((person) => person.name === name) : undefined;
  }

  /** By the beginning of a name. Throws ApiError. */
  async search(q: string): Promise<Person[]> {
    const found = await get<Found>(`people?${new URLSearchParams({ q })}`);
    this.remember(found.people);
    return found.people;
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
}

/** Nothing that shows has changed. */
function sameLook(a: Person, b: Person): boolean {
  const parts = ['name', 'display', 'picture', 'status', 'status_until', 'guest', 'gone'] as const;
  return parts.every((part) => (a[part] || '') === (b[part] || ''));
}

export const people = new People();
