import { backoff } from '../../lib/backoff';
import { describeDevice } from '../../lib/device';
import { problemOf } from '../../lib/problem';
import { ApiError } from '../../wire/errors';
import { post } from '../../wire/http';
import { LINK_SECONDS, type LinkClaim, type LinkVerdict } from '../../wire/protocol.gen';
import { session } from './session.svelte';

/** The server holds the question for 50 s. */
const PATIENCE = 60_000;
const FOR_GOOD = new Set(['link_invalid', 'link_refused']);

/** A device that joins an account by the code of another one. */
export class Newcomer {
  state = $state<'code' | 'looking' | 'waiting' | 'failed' | 'in'>('code');
  claim = $state.raw<LinkClaim | null>(null);
  /** By this machine's clock, ms since the epoch. */
  until = $state(0);
  /** Text for people. */
  problem = $state('');
  readonly kind = describeDevice().device_kind;
  #gone = false;

  /** Whether it was let in. */
  async join(code: string): Promise<boolean> {
    this.state = 'looking';
    try {
      this.claim = await post<LinkClaim>('device-links/claim', { code, ...describeDevice() });
      this.until = Date.now() + LINK_SECONDS * 1000;
      this.state = 'waiting';
      return await this.#wait(this.claim.claim);
    } catch (thrown) {
      this.problem = problemOf(thrown).text;
      this.state = 'failed';
      return false;
    }
  }

  startOver(): void {
    this.state = 'code';
    this.problem = '';
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#gone = true;
  }

  async #wait(claim: string): Promise<boolean> {
    for (let failures = 0; !this.#gone; ) {
      try {
        const { signed_in: arrived } = await post<LinkVerdict>('device-links/wait', { claim }, PATIENCE);
        failures = 0;
        if (!arrived) continue;
        this.state = 'in';
        await session.arrive(arrived);
        return true;
      } catch (error) {
        if (!(error instanceof ApiError) || FOR_GOOD.has(error.code) || this.state === 'in') throw error;
        // A phone that sleeps meanwhile, or a bad line: the answer waits for it.
        await new Promise((resolve) => setTimeout(resolve, Math.max(error.retryAfterMs, backoff(failures++, 1000))));
      }
    }
    return false;
  }
}
