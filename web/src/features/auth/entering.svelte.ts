import { makePasskey, offersPasskeys, PasskeyPutAway, usePasskey } from '../../lib/passkeys';
import { ApiError } from '../../wire/errors';
import { post } from '../../wire/http';
import type { Challenge, ResetFor } from '../../wire/protocol.gen';
import { settling } from '../welcome/settling.svelte';
import { session } from './session.svelte';

export type { ResetFor } from '../../wire/protocol.gen';

/** A challenge is good for five minutes; a page may stand open for longer. */
const FRESH_MS = 4 * 60_000;

type Chosen = { state: string; credential: string };

interface Wanted {
  name: string;
  display: string;
  invite?: string;
}

/** The ways in. All throw ApiError, and those with a passkey as `lib/passkeys` does. */
export const entering = {
  /** Returns what is missing still: '' when one is in. */
  async byPassword(name: string, password: string, code = ''): Promise<'' | 'code'> {
    try {
      await session.enter('sign-in', { name, password, ...(code ? { code } : {}) });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'second_step_needed') return 'code';
      throw error;
    }
    return '';
  },

  async byPasskey(): Promise<void> {
    const { state, options } = await challenge();
    await session.enter('sign-in/passkey', { passkey: { state, credential: await usePasskey(options) } });
  },

  async register(wanted: Wanted, password: string): Promise<void> {
    await session.enter('register', { ...wanted, password });
    settling.begin();
  },

  async registerWithPasskey(wanted: Wanted): Promise<void> {
    const { state, options } = await post<Challenge>('register/challenge', wanted);
    await session.enter('register', { ...wanted, passkey: { state, credential: await makePasskey(options) } });
    settling.begin();
  },

  async recover(name: string, code: string, password: string): Promise<void> {
    await session.enter('recover', { name, code, password });
  },

  whoResets(code: string): Promise<ResetFor> {
    return post<ResetFor>('reset/look', { code });
  },

  async reset(code: string, password: string): Promise<void> {
    await session.enter('reset', { code, password });
  },

  /** Lets the browser offer passkeys where the name is typed, until `signal` says otherwise. `refused`: one was
   *  chosen and did not open the door. */
  async offerPasskeys(signal: AbortSignal, refused: (error: unknown) => void): Promise<void> {
    if (!(await offersPasskeys())) return;
    while (!signal.aborted) {
      const round = new AbortController();
      const over = () => round.abort();
      const timer = setTimeout(over, FRESH_MS);
      signal.addEventListener('abort', over);
      let chosen: Chosen;
      try {
        const asked = await challenge();
        chosen = { state: asked.state, credential: await usePasskey(asked.options, { quietly: true, signal: round.signal }) };
      } catch (error) {
        if (error instanceof PasskeyPutAway && round.signal.aborted) continue;
        // Nobody has asked for anything yet: a browser that cannot just now does so in silence.
        return;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', over);
      }
      try {
        return await session.enter('sign-in/passkey', { passkey: chosen });
      } catch (error) {
        return signal.aborted ? undefined : refused(error);
      }
    }
  },
};

const challenge = () => post<Challenge>('sign-in/challenge', {});
