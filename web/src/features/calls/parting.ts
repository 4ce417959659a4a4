import { mint } from '../../lib/ids';
import { forget } from '../../local/owner';
import { connection } from '../connection.svelte';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
/** Where there is nothing to hang up, however often one asks. */
const FOR_NAUGHT = new Set(['call_over', 'call_elsewhere', 'not_found', 'forbidden', 'bad_request', 'unknown_op', 'signed_out', 'session_ended', 'suspended']);

/** What this page has left or declined, and the server has not taken in yet. As long as it has not, both are held to be
 * in a call that nobody is in, or it rings on for whoever waits, and the next welcome would bring it back: so it is said
 * until it was heard. */
class Parting {
  #untold = new Set<string>();

  constructor() {
    forget.on(() => this.#untold.clear());
  }

  /** It has been left here; the server has yet to hear of it. */
  from(call: string): boolean {
    return this.#untold.has(call);
  }

  /** `op`: to what rang here one says no, all else is hung up. */
  tell(call: string, op: 'hang_up' | 'decline_call' = 'hang_up'): void {
    if (this.#untold.has(call)) return;
    this.#untold.add(call);
    void this.#until(call, op);
  }

  async #until(call: string, op: 'hang_up' | 'decline_call'): Promise<void> {
    const client_id = mint();
    for (let pause = FIRST_PAUSE; this.#untold.has(call); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        await connection.carryOut({ op, client_id, call });
        break;
      } catch (error) {
        const { code = '', retryAfterMs = 0 } = error as { code?: string; retryAfterMs?: number };
        if (FOR_NAUGHT.has(code)) break;
        await new Promise((resolve) => setTimeout(resolve, Math.max(pause, retryAfterMs)));
      }
    }
    this.#untold.delete(call);
  }
}

export const parting = new Parting();
