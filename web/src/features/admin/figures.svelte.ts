import { problemOf } from '../../lib/problem';
import { get } from '../../wire/http';
import type { Figures as Answer } from '../../wire/protocol.gen';

const EVERY = 15_000;

/** How the server is doing; asked again and again while somebody looks. */
export class Figures {
  now = $state.raw<Answer | null>(null);
  /** Text for people. */
  problem = $state('');
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Until what is returned is called. A page in the background asks nothing. */
  watch(): () => void {
    const look = (): void => {
      clearInterval(this.#timer);
      if (document.visibilityState !== 'visible') return;
      void this.load();
      this.#timer = setInterval(() => void this.load(), EVERY);
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(this.#timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  async load(): Promise<void> {
    try {
      this.now = await get<Answer>('admin/figures');
      this.problem = '';
    } catch (thrown) {
      this.problem = problemOf(thrown).text;
    }
  }
}
