import { t } from '../../lib/i18n';
import { mint } from '../../lib/ids';
import { MINE, note, noted } from '../../lib/noted';
import { actingFor } from '../../local/db';
import { outbox } from '../../local/outbox';
import { arrived, forget } from '../../local/owner';
import type { Target } from '../../local/schema';
import { toasts } from '../../ui/toasts.svelte';
import { connection } from '../connection.svelte';
import { composerOf } from './composer.svelte';
import type { Item } from './timeline.svelte';

const UNDO_MS = 4000;
const KEY = `${MINE}deletions`;

interface Doomed {
  key: string;
  room: string;
  target: Target;
  at: number;
}

/**
 * Deleting shows at once and is carried out a moment later, so that a slip can be taken back. Whoever goes
 * away in that moment has decided: a page that goes cannot wait for the disk, so it is noted beforehand.
 */
class Deletion {
  #waiting = $state.raw<ReadonlySet<string>>(new Set());

  constructor() {
    if (actingFor()) this.#resume();
    arrived.on(() => this.#resume());
    forget.on(() => (this.#waiting = new Set()));
    globalThis.window?.addEventListener('pagehide', () => this.#tell(), { capture: true });
  }

  covers(key: string): boolean {
    return this.#waiting.has(key);
  }

  begin(room: string, item: Item): void {
    const { key, clientId, message } = item;
    this.#waiting = new Set([...this.#waiting, key]);
    keep([...doomed(), { key, room, target: { id: message?.id ?? '', clientId }, at: Date.now() }]);
    toasts.say(t('message.deleting'), {
      action: t('common.undo'),
      act: () => this.#end(key),
      passed: () => void this.#carryOut(key, () => composerOf(room).remove(item)),
      ms: UNDO_MS,
    });
  }

  /** What was begun in a page that is gone. */
  #resume(): void {
    for (const { key, target, room, at } of doomed()) {
      if (this.covers(key)) continue;
      this.#waiting = new Set([...this.#waiting, key]);
      const left = Math.max(0, at + UNDO_MS - Date.now());
      setTimeout(() => {
        // Another tab may have carried it out, or taken it back.
        if (!doomed().some((each) => each.key === key)) this.#end(key);
        else void this.#carryOut(key, () => outbox.remove(room, target));
      }, left);
    }
  }

  async #carryOut(key: string, remove: () => Promise<void>): Promise<void> {
    await remove().catch(() => undefined);
    this.#end(key);
  }

  #end(key: string): void {
    this.#waiting = new Set([...this.#waiting].filter((each) => each !== key));
    keep(doomed().filter((each) => each.key !== key));
  }

  /** The page goes: others need not see it until this device is used again. */
  #tell(): void {
    for (const { key, target } of doomed()) {
      if (target.id && this.covers(key)) connection.tell({ op: 'delete', client_id: mint(), message: target.id });
    }
  }
}

function doomed(): Doomed[] {
  try {
    return JSON.parse(noted(KEY) || '[]') as Doomed[];
  } catch {
    return [];
  }
}

function keep(list: Doomed[]): void {
  note(KEY, list.length ? JSON.stringify(list) : '');
}

export const deletion = new Deletion();
