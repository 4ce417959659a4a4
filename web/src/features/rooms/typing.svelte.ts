import { SvelteMap } from 'svelte/reactivity';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get } from '../../wire/http';
import type { Members, Person } from '../../wire/protocol.gen';
import { isBlocked } from '../people/blocks.svelte';
import { people } from '../people/people.svelte';

const FORGET_AFTER = 6000;

/** Who is writing where, as far as rooms on screen go. */
class Typists {
  #rooms = new SvelteMap<string, string[]>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #asking = new Set<string>();

  constructor() {
    forget.on(() => this.#rooms.clear());
    sync.changes.on((change) => {
      if (change.type === 'passing' && change.event.op === 'typing') this.#begins(change.event.room, change.event.person);
      if (change.type !== 'event' || change.event.op !== 'message') return;
      // Whoever has sent is done writing.
      this.#ends(change.event.log, change.event.message.author);
    });
  }

  /** Reactive. */
  in(room: string): Person[] {
    return (this.#rooms.get(room) ?? []).flatMap((id) => (isBlocked(id) ? [] : (people.byId(id) ?? [])));
  }

  #begins(room: string, person: string): void {
    const key = `${room} ${person}`;
    clearTimeout(this.#timers.get(key));
    this.#timers.set(key, setTimeout(() => this.#ends(room, person), FORGET_AFTER));
    const held = this.#rooms.get(room) ?? [];
    if (!held.includes(person)) this.#rooms.set(room, [...held, person]);
    if (!people.byId(person)) void this.#learnNames(room);
  }

  /** Somebody who has never said anything here is known only to the list of members. */
  async #learnNames(room: string): Promise<void> {
    if (this.#asking.has(room)) return;
    this.#asking.add(room);
    try {
      const { members } = await get<Members>(`rooms/${room}/members`);
      people.remember(members.map((member) => member.person));
    } catch {
      // Then nobody is seen typing, as without a connection.
    } finally {
      this.#asking.delete(room);
    }
  }

  #ends(room: string, person: string): void {
    const held = this.#rooms.get(room);
    if (held?.includes(person)) this.#rooms.set(room, held.filter((id) => id !== person));
  }
}

export const typists = new Typists();
