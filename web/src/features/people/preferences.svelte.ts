import { mint } from '../../lib/ids';
import { Signal } from '../../lib/signal';
import { arrived, forget } from '../../local/owner';
import { sync } from '../../local/sync';
import type { Preferences as Values } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';

export type Preference = keyof Values;

/** As the server has it for whoever never chose; of `relay_calls`, which depends on who it is, the careful one. */
const DEFAULTS: Values = {
  receipts: true,
  last_seen: true,
  invisible: false,
  sounds: true,
  toasts: true,
  enter_sends: true,
  relay_calls: true,
};

/** What I chose, on all my devices. All of it is reactive. */
class Preferences implements Values {
  readonly changed = new Signal();
  #values = $state.raw<Values>(DEFAULTS);

  constructor() {
    forget.on(() => this.#become(DEFAULTS));
    arrived.on((held) => this.#become(held.preferences ?? DEFAULTS));
    sync.changes.on((change) => {
      if (change.type === 'event' && change.event.op === 'preferences') this.#become(change.event.preferences);
    });
  }

  get receipts(): boolean {
    return this.#values.receipts;
  }

  get last_seen(): boolean {
    return this.#values.last_seen;
  }

  get invisible(): boolean {
    return this.#values.invisible;
  }

  get sounds(): boolean {
    return this.#values.sounds;
  }

  get toasts(): boolean {
    return this.#values.toasts;
  }

  get enter_sends(): boolean {
    return this.#values.enter_sends;
  }

  get relay_calls(): boolean {
    return this.#values.relay_calls ?? true;
  }

  /** Shows at once; throws ApiError, and then it is as it was. */
  async choose(preference: Preference, chosen: boolean): Promise<void> {
    const before = this.#values[preference];
    this.#become({ ...this.#values, [preference]: chosen });
    try {
      await connection.carryOut({ op: 'set_preferences', client_id: mint(), [preference]: chosen });
    } catch (error) {
      this.#become({ ...this.#values, [preference]: before });
      throw error;
    }
  }

  #become(values: Values): void {
    this.#values = values;
    this.changed.send();
  }
}

export const preferences = new Preferences();
