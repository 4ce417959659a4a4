import { t } from '../../lib/i18n/areas/search';
import { isBlocked } from '../people/blocks.svelte';
import { timelineOf } from '../messages/timelines';
import { Asking, type Hit } from './asking.svelte';
import { marks } from './marks';

/** Somebody goes through a room from one hit to the next. */
export class InRoom {
  readonly asking: Asking;
  /** The message of the hit that one is at. */
  here = $state('');
  #answered = '';

  constructor(readonly room: string) {
    this.asking = new Asking(room);
  }

  /** Reactive, the newest first. */
  get hits(): readonly Hit[] {
    return this.asking.answer?.hits.filter(({ author }) => !isBlocked(author)) ?? [];
  }

  /** Reactive: there is an answer to what stands there now, no other is on its way, and it is no. */
  get nothing(): boolean {
    const { answer, stale, busy } = this.asking;
    return answer !== null && !stale && !busy && !answer.more && this.hits.length === 0;
  }

  /** Reactive. Such as "2 of 7". */
  get where(): string {
    const { asking, hits, here } = this;
    if (!asking.wanted.trim() || asking.problem) return asking.problem;
    if (this.nothing) return t('search.room.none');
    const at = hits.findIndex(({ message }) => message === here) + 1;
    if (at === 0) return '';
    return t(asking.answer?.more ? 'search.room.atMore' : 'search.room.at', { at, n: hits.length });
  }

  /** The newest of another answer is shown as soon as it is there, be it only in the server's after the device's. */
  answered(): void {
    const query = this.asking.answer?.query ?? '';
    if (query === this.#answered && (this.here || !this.hits.length)) return;
    this.#answered = query;
    this.#show(0);
  }

  /** Further up (1) or down (-1), round the ends as far as they are known. */
  async step(by: 1 | -1): Promise<void> {
    const { asking } = this;
    if (asking.stale || !asking.answer) return asking.now();
    if (by > 0 && this.#at === this.hits.length - 1 && asking.answer?.more) await asking.more();
    const many = this.hits.length;
    if (many) this.#show((this.#at + by + many) % many);
  }

  /** All that were found are marked, and the one that one is at more than the others. */
  mark(): void {
    const wanted = new Map(this.hits.map(({ message, words }) => [message, words ?? []]));
    if (wanted.size) marks.show(this.room, wanted, this.here);
    else marks.clear();
  }

  end(): void {
    this.asking.forget();
    marks.clear();
  }

  get #at(): number {
    return this.hits.findIndex(({ message }) => message === this.here);
  }

  #show(index: number): void {
    const hit = this.hits[index];
    this.here = hit?.message ?? '';
    if (hit) void timelineOf(this.room).jumpTo(hit.message);
  }
}
