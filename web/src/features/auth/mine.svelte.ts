import { problemOf } from '../../lib/problem';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';

/** Who acts for me, as the server lists it; looked at anew when it tells of a change, once somebody has looked. */
export class Mine<Each extends { id: string }> {
  /** null: not loaded yet. */
  list = $state.raw<Each[] | null>(null);
  /** Text for people. */
  error = $state('');
  #shown = false;

  constructor(private readonly ask: () => Promise<Each[]>) {
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
      this.list = await this.ask();
      this.error = '';
    } catch (thrown) {
      this.error = problemOf(thrown).text;
    }
  }

  /** Here already, before the server tells. */
  protected drop(id: string): void {
    this.list = this.list?.filter((each) => each.id !== id) ?? null;
  }
}
