import { forget } from '../../local/owner';
import { Asking } from './asking.svelte';
import { recents } from './recent.svelte';

/** What is looked for on the page, which one may leave for a result and come back to. */
class SearchEverywhere extends Asking {
  /** The hit that was opened last, by message. */
  opened = '';

  constructor() {
    super();
    forget.on(() => {
      this.forget();
      this.opened = '';
    });
    this.follow();
  }

  /** From elsewhere, with words. */
  begin(words: string): void {
    this.opened = '';
    if (words.trim() === this.wanted.trim()) return;
    this.look(words);
    this.now();
  }

  /** They found it, or mean it. */
  meant(): void {
    recents.add(this.wanted);
  }
}

export const search = new SearchEverywhere();
