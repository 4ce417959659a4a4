import { t } from '../../lib/i18n';
import { toasts } from '../../ui/toasts.svelte';
import { composerOf } from './composer.svelte';
import type { Item } from './timeline.svelte';

const UNDO_MS = 4000;

/** Deleting shows at once and is carried out a moment later, so that a slip can be taken back. */
class Deletion {
  #waiting = $state.raw<ReadonlySet<string>>(new Set());

  covers(key: string): boolean {
    return this.#waiting.has(key);
  }

  begin(room: string, item: Item): void {
    this.#waiting = new Set([...this.#waiting, item.key]);
    toasts.say(t('message.deleting'), {
      action: t('common.undo'),
      act: () => this.#end(item.key),
      passed: () => {
        composerOf(room).remove(item);
        this.#end(item.key);
      },
      ms: UNDO_MS,
    });
  }

  #end(key: string): void {
    this.#waiting = new Set([...this.#waiting].filter((each) => each !== key));
  }
}

export const deletion = new Deletion();
