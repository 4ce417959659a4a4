import { mint } from '../../lib/ids';
import { forget } from '../../local/owner';
import { connection } from '../connection.svelte';

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8000;
/** Where there is nothing to hang up, however often one asks. */
const FOR_NAUGHT = new Set(['call_over', 'not_found', 'forbidden', 'bad_request', 'unknown_op', 'signed_out', 'session_ended', 'suspended']);

/** What this page has left, and the server has not taken in yet. As long as it has not, both are held to be in a call
 * that nobody is in, and the next welcome would bring it back: so it is said until it was heard. */
class Parting {
  #untold = new Set<string>();

  constructor() {
    forget.on(() => this.#untold.clear());
  }

  tell(call: string): void {
    if (this.#untold.has(call)) return;
    this.#untold.add(call);
    void this.#until(call);
  }

  async #until(call: string): Promise<void> {
    const client_id = mint();
    for (let pause = FIRST_PAUSE; this.#untold.has(call); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        await connection.carryOut({ op: 'hang_up', client_id, call });
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
