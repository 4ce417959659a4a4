import { sync } from '../../local/sync';
import type { RelayKeys } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import { forget } from '../../local/owner';

/** Keys that end sooner are not begun with, in ms: what is opened with them should outlive a long call. */
const SPARE = 3_600_000;
const ANSWER_WITHIN = 3000;

/** Servers that help a call to connect, with keys that are still good for a while. */
class Relay {
  #held: RelayKeys | null = null;
  #waiting: ((keys: RelayKeys | null) => void)[] = [];

  constructor() {
    forget.on(() => (this.#held = null));
    sync.changes.on((change) => {
      // It may have been started anew, with other ports or another relay.
      if (change.type === 'settled' && change.welcome) this.#held = null;
      if (change.type === 'passing' && change.event.op === 'relay_keys') this.#heard(change.event);
    });
  }

  /** None when the server cannot be asked: two on the same network find each other all the same. */
  async servers(): Promise<RTCIceServer[]> {
    const held = this.#held;
    const good = held && held.expires_at - connection.clock.now() > SPARE ? held : await this.#ask();
    return (good ?? held)?.servers.map((server) => ({ ...server, urls: server.urls.map(addressed) })) ?? [];
  }

  #ask(): Promise<RelayKeys | null> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      connection.tell({ op: 'ask_relay' });
      setTimeout(() => resolve(null), ANSWER_WITHIN);
    });
  }

  #heard(keys: RelayKeys): void {
    this.#held = keys;
    for (const resolve of this.#waiting.splice(0)) resolve(keys);
  }
}

/** Only this page knows how it reached the server. */
function addressed(url: string): string {
  return url.replace('{host}', location.hostname);
}

export const relay = new Relay();
