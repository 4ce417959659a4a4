import type { Command } from '../../wire/protocol.gen';

export const AWAY_AFTER = 5 * 60_000;
/** A look at another tab is not yet away. */
export const HIDDEN_AFTER = 30_000;

const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'];

/** Tells the server when nobody has touched this page for a while, and when somebody does again. */
export class Away {
  #away = false;
  #touched = Date.now();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly tell: (command: Command) => boolean,
    private readonly page: EventTarget & { visibilityState: string },
  ) {
    for (const name of INPUT) page.addEventListener(name, this.#touch, { passive: true, capture: true });
    page.addEventListener('visibilitychange', this.#turned);
    this.#wait();
  }

  /** A new connection knows nothing of this one's. */
  again(): void {
    if (this.#away) this.tell({ op: 'away', away: true });
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const name of INPUT) this.page.removeEventListener(name, this.#touch, { capture: true });
    this.page.removeEventListener('visibilitychange', this.#turned);
  }

  #touch = (): void => {
    this.#touched = Date.now();
    if (this.#away) this.#turned();
  };

  #turned = (): void => {
    this.#touched = Date.now();
    if (this.page.visibilityState !== 'hidden') this.#say(false);
    this.#wait();
  };

  #wait(): void {
    clearTimeout(this.#timer);
    const patience = this.page.visibilityState === 'hidden' ? HIDDEN_AFTER : AWAY_AFTER;
    const left = this.#touched + patience - Date.now();
    // Looked at only when the time is up, since a hand that moves makes hundreds of events.
    if (left > 0) this.#timer = setTimeout(() => this.#wait(), left);
    else this.#say(true);
  }

  #say(away: boolean): void {
    if (away === this.#away) return;
    this.#away = away;
    this.tell({ op: 'away', away });
  }
}
