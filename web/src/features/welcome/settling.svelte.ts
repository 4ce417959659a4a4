import { MINE, note, noted } from '../../lib/noted';
import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';

const KEY = `${MINE}steps`;
/** What is kept while somebody finds their way, and once they have spoken. */
const NEW = 'new';
const SPOKE = 'spoke';

/** What Chromium's browsers offer for a page that can be installed. */
interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** The first steps of somebody who joined on this device, until they put them away. */
class Settling {
  #stage = $state(noted(KEY));
  /** null: the browser offers nothing (now). */
  install = $state.raw<InstallOffer | null>(null);

  constructor() {
    forget.on(() => this.end());
    outbox.acked.on(({ message }) => {
      if (message && this.#stage === NEW) this.#enter(SPOKE);
    });
    globalThis.window?.addEventListener('beforeinstallprompt', (event) => {
      // It is offered where somebody can think about it, not over what they are doing.
      event.preventDefault();
      this.install = event as InstallOffer;
    });
    globalThis.window?.addEventListener('appinstalled', () => (this.install = null));
  }

  /** Reactive. */
  get open(): boolean {
    return this.#stage !== '';
  }

  /** Reactive: they have said something. */
  get spoke(): boolean {
    return this.#stage === SPOKE;
  }

  begin(): void {
    this.#enter(NEW);
  }

  end(): void {
    this.#enter('');
  }

  /** Asks whether to install the app; the browser lets that be asked once. */
  async askToInstall(): Promise<void> {
    const offer = this.install;
    this.install = null;
    await offer?.prompt();
  }

  #enter(stage: string): void {
    this.#stage = stage;
    note(KEY, stage);
  }
}

export const settling = new Settling();
