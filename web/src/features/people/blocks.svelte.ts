import { SvelteMap } from 'svelte/reactivity';
import { mint } from '../../lib/ids';
import { Signal } from '../../lib/signal';
import { arrived, forget } from '../../local/owner';
import { sync } from '../../local/sync';
import type { Person } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';

/** Whom I do not want to hear from. */
class Blocks {
  readonly changed = new Signal();
  #blocked = new SvelteMap<string, Person>();

  constructor() {
    forget.on(() => this.#are([]));
    arrived.on((held) => this.#are(held.blocks));
    sync.changes.on((change) => {
      if (change.type === 'event' && change.event.op === 'blocked') this.#are(change.event.people);
    });
  }

  /** Reactive, the latest first. */
  get list(): Person[] {
    return [...this.#blocked.values()];
  }

  /** Reactive. */
  has(person: string): boolean {
    return this.#blocked.has(person);
  }

  /** These two show at once; they throw ApiError, and then it is as it was. */
  async add(person: Person): Promise<void> {
    await this.#try([person, ...this.list], { op: 'block', client_id: mint(), person: person.id });
  }

  async drop(person: Person): Promise<void> {
    const rest = this.list.filter(({ id }) => id !== person.id);
    await this.#try(rest, { op: 'unblock', client_id: mint(), person: person.id });
  }

  async #try(wanted: Person[], command: Parameters<typeof connection.carryOut>[0]): Promise<void> {
    const before = this.list;
    this.#are(wanted);
    try {
      await connection.carryOut(command);
    } catch (error) {
      this.#are(before);
      throw error;
    }
  }

  #are(people: Person[]): void {
    this.#blocked.clear();
    for (const person of people) this.#blocked.set(person.id, person);
    this.changed.send();
  }
}

export const blocks = new Blocks();

/** Reactive: whether what somebody says is folded away. */
export function isBlocked(person: string): boolean {
  return blocks.has(person);
}
