import { untrack } from 'svelte';
import { mint } from '../../lib/ids';
import { read, write } from '../../local/db';
import { forget } from '../../local/owner';
import { listened } from '../../local/pages';
import { sync } from '../../local/sync';
import type { HeardRecord } from '../../local/schema';
import { writer } from '../../local/writer';
import { connection } from '../connection.svelte';

/** What of the voice messages was listened to: by me, or mine by others. */
class Heard {
  #known = $state.raw<ReadonlyMap<string, number>>(new Map());
  #asked = new Set<string>();

  constructor() {
    forget.on(() => {
      this.#known = new Map();
      this.#asked.clear();
    });
    sync.changes.on((change) => {
      if (change.type === 'event' && change.event.op === 'listened') this.#note(change.event.message, change.event.count ?? 0);
      if (change.type === 'settled' && change.welcome) void this.#tellAll();
    });
    listened.on((all) => all.forEach(({ message, count = 0 }) => this.#note(message, count)));
    void this.#tellAll();
  }

  /** Reactive: how many others listened to mine, 0 for one of others that I listened to; undefined for none. */
  of(message: string): number | undefined {
    const known = this.#known.get(message);
    if (known === undefined && message) untrack(() => void this.#look(message));
    return known;
  }

  /** I listened to it. Told now, or once there is a connection again. */
  async listened(message: string): Promise<void> {
    if (this.#known.has(message)) return;
    this.#note(message, 0);
    const record: HeardRecord = { message, count: 0, untold: true };
    await write(['heard'], (tx) => tx.objectStore('heard').put(record)).catch(() => undefined);
    await this.#tell(message);
  }

  #note(message: string, count: number): void {
    if (this.#known.get(message) !== count) this.#known = new Map(this.#known).set(message, count);
  }

  async #look(message: string): Promise<void> {
    if (this.#asked.has(message)) return;
    this.#asked.add(message);
    // A page that came before this did may still be on its way there.
    await writer.idle();
    const found = await read(['heard'], undefined as HeardRecord | undefined, (tx) => tx.objectStore('heard').get(message));
    if (found && !this.#known.has(message)) this.#note(message, found.count);
  }

  async #tellAll(): Promise<void> {
    const all = await read(['heard'], [] as HeardRecord[], (tx) => tx.objectStore('heard').getAll());
    for (const { message, untold } of all) if (untold) await this.#tell(message);
  }

  async #tell(message: string): Promise<void> {
    if (!connection.online) return;
    const told = await connection.carryOut({ op: 'listen', client_id: mint(), message }, 0).then(
      () => true,
      // What is gone needs no mark; a lost connection is waited for.
      (error: { code?: string }) => error.code === 'not_found' || error.code === 'message_deleted',
    );
    if (told) await write(['heard'], (tx) => tx.objectStore('heard').put({ message, count: 0 })).catch(() => undefined);
  }
}

export const heard = new Heard();
