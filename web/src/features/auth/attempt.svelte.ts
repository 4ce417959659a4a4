import { problemOf } from '../../lib/problem';

/** One try at a time at something that a form asks for, and what came of it. */
export class Attempt {
  busy = $state(false);
  problem = $state.raw({ field: '', text: '' });

  async make(what: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = { field: '', text: '' };
    try {
      await what();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.busy = false;
    }
  }

  /** The problem, unless one of `fields` shows it itself. */
  general(...fields: string[]): string {
    return fields.includes(this.problem.field) ? '' : this.problem.text;
  }
}
