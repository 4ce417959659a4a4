import { usePasskey } from '../../lib/passkeys';
import { ApiError } from '../../wire/errors';
import { get, post } from '../../wire/http';
import type { Challenge, SignInMethods } from '../../wire/protocol.gen';

/** The person thought better of it: nothing to complain about. */
export class PutAway extends Error {}

/** What changes how one signs in is done only for somebody who has just shown that it is them. */
class Confirming {
  /** How they may show it; null while nobody asks. `Confirm.svelte` shows it. */
  asked = $state.raw<SignInMethods | null>(null);
  #settle: (shown: boolean) => void = () => undefined;

  /** Do it, asking first where the server wants so. Throws PutAway, or what it throws. */
  async first<T>(what: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await what();
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'confirm_needed') throw error;
        this.asked = await get<SignInMethods>('sign-in-methods');
        const shown = await new Promise<boolean>((resolve) => (this.#settle = resolve));
        if (!shown) throw new PutAway();
      }
    }
  }

  /** Throws ApiError. */
  async byPassword(password: string): Promise<void> {
    await post('confirm', { password });
    this.#done(true);
  }

  /** Throws ApiError, or as usePasskey does. */
  async byPasskey(): Promise<void> {
    const { state, options } = await post<Challenge>('confirm/challenge', {});
    await post('confirm', { passkey: { state, credential: await usePasskey(options) } });
    this.#done(true);
  }

  putAway(): void {
    this.#done(false);
  }

  #done(shown: boolean): void {
    this.asked = null;
    this.#settle(shown);
  }
}

export const confirming = new Confirming();

/** For what has its own place to show what went wrong: to think better of it is not that. */
export async function unlessPutAway(what: () => Promise<void>): Promise<void> {
  try {
    await what();
  } catch (error) {
    if (!(error instanceof PutAway)) throw error;
  }
}
