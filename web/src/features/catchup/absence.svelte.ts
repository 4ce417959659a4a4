import { MINE, note, noted } from '../../lib/noted';
import { now } from '../../ui/now.svelte';
import { actingFor } from '../../local/db';
import { arrived, forget } from '../../local/owner';
import { rooms } from '../rooms/rooms.svelte';
import { awaySince, isMuch, type Amount } from './absence';
import { isQuiet, waits } from './waiting';

const KEY = `${MINE}here`;

/** How long nobody looked at this device, and how much was said meanwhile. */
class Absence {
  /** When somebody left, if that is long ago; 0: they were here all the time, or want to hear no more of it. */
  since = $state(0);

  /** Somebody is signed in here. */
  #here = false;

  constructor() {
    // It loads when somebody is here already.
    if (actingFor()) this.#come();
    arrived.on(() => this.#come());
    forget.on(() => {
      this.since = 0;
      this.#here = false;
      note(KEY, '');
    });
    globalThis.document?.addEventListener('visibilitychange', () => this.#turn());
    globalThis.window?.addEventListener('pagehide', () => this.#leave());
  }

  /** Reactive. */
  get amount(): Amount {
    const waiting = rooms.list.filter((entry) => waits(entry) && !isQuiet(entry, now.minute));
    return { unread: waiting.reduce((sum, { unread }) => sum + unread, 0), rooms: waiting.length };
  }

  /** Reactive: it is worth a page of its own. */
  get offered(): boolean {
    return this.since > 0 && isMuch(this.amount);
  }

  dismiss(): void {
    this.since = 0;
  }

  #turn(): void {
    if (document.visibilityState === 'hidden') this.#leave();
    else if (this.#here) this.#come();
  }

  #come(): void {
    this.#here = true;
    this.since = awaySince(Number(noted(KEY)), Date.now()) || this.since;
  }

  #leave(): void {
    if (this.#here) note(KEY, String(Date.now()));
  }
}

export const absence = new Absence();
