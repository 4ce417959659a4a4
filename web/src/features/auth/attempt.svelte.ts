import { PasskeyPutAway } from '../../lib/passkeys';
import { problemOf } from '../../lib/problem';
import { PutAway } from './confirming.svelte';

/** One try at a time at something that a form asks for, and what came of it. */
export class Attempt {
  busy = $state(false);
  problem = $state.raw({ field: '', text: '' });

  /** Whether it worked. What somebody put away themselves is no problem to tell of. */
  async make(what: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = { field: '', text: '' };
    try {
      await what();
      return true;
    } catch (thrown) {
      if (!(thrown instanceof PutAway || thrown instanceof PasskeyPutAway)) this.problem = problemOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Nothing to tell of any more. */
  forget(): void {
    this.problem = { field: '', text: '' };
  }

  /** The problem, unless one of `fields` shows it itself. */
  general(...fields: string[]): string {
    return fields.includes(this.problem.field) ? '' : this.problem.text;
  }
}
