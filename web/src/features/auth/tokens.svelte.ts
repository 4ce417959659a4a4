import { problemOf } from '../../lib/problem';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get, post, remove } from '../../wire/http';
import type { ApiToken, ApiTokenMade, ApiTokens, NewApiToken } from '../../wire/protocol.gen';
import { confirming } from './confirming.svelte';

export type { ApiToken, ApiTokenMade, NewApiToken } from '../../wire/protocol.gen';

/** Programs that act for me. What changes it throws ApiError or PutAway. */
class Tokens {
  /** null: not loaded yet. */
  list = $state.raw<ApiToken[] | null>(null);
  /** Text for people. */
  error = $state('');
  #shown = false;

  constructor() {
    forget.on(() => {
      this.list = null;
      this.#shown = false;
    });
    // A token is a device of mine to the server.
    sync.changes.on((change) => {
      if (this.#shown && change.type === 'event' && change.event.op === 'devices') void this.load();
    });
  }

  async load(): Promise<void> {
    this.#shown = true;
    try {
      this.list = (await get<ApiTokens>('tokens')).tokens;
      this.error = '';
    } catch (thrown) {
      this.error = problemOf(thrown).text;
    }
  }

  async make(wanted: NewApiToken): Promise<ApiTokenMade> {
    const made = await confirming.first(() => post<ApiTokenMade>('tokens', wanted));
    this.list = [made.token, ...(this.list ?? []).filter((each) => each.id !== made.token.id)];
    return made;
  }

  async revoke(id: string): Promise<void> {
    await remove(`tokens/${id}`);
    this.list = this.list?.filter((token) => token.id !== id) ?? null;
  }
}

export const tokens = new Tokens();
