import { SvelteSet } from 'svelte/reactivity';
import { t } from '../../lib/i18n/areas/voice';
import { stayWhile } from '../../lib/leaving';
import * as disk from '../../local/interrupted';
import type { Interrupted } from '../../local/interrupted';
import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';
import { toasts } from '../../ui/toasts.svelte';
import { timelineOf } from '../messages/timelines';
import { left } from './left.svelte';
import { player } from './player.svelte';

/** What was being said as its page went. It is offered where it was said, and nothing of it is sent unasked. */
class Offered {
  all = $state.raw<readonly Interrupted[]>([]);
  /** Those that are just being put into the outbox, which may have to wait for the disk. */
  readonly sending = new SvelteSet<string>();
  /** Pages that record; once they are gone it is looked at again. */
  #awaited = new Set<string>();

  constructor() {
    forget.on(() => this.#show([]));
    // What the disk had no room for goes with this page.
    stayWhile(() => this.all.some(({ until }) => !until));
    outbox.changed.on(() => this.all.length && void this.look());
  }

  async look(): Promise<void> {
    const found = await disk.interrupted();
    this.#show(found.left);
    for (const page of found.recording) void this.#wait(page);
  }

  async send(one: Interrupted): Promise<void> {
    if (this.sending.has(one.id)) return;
    if (player.key === one.id) player.pause();
    this.sending.add(one.id);
    try {
      if (await disk.finish(one)) void timelineOf(one.room).toNewest();
    } catch {
      toasts.say(t('voice.full'));
    }
    await this.look();
    this.sending.delete(one.id);
  }

  async discard(one: Interrupted): Promise<void> {
    if (player.key === one.id) player.pause();
    const back = await disk.giveUp(one).catch(() => null);
    await this.look();
    if (back) toasts.say(t('voice.cancelled'), { action: t('common.undo'), act: () => void back().then(() => this.look(), () => undefined) });
  }

  #show(all: readonly Interrupted[]): void {
    this.all = all;
    left.rooms = new Set(all.map(({ room }) => room));
    left.count = all.length;
  }

  async #wait(page: string): Promise<void> {
    if (this.#awaited.has(page)) return;
    this.#awaited.add(page);
    await disk.afterPage(page).catch(() => undefined);
    this.#awaited.delete(page);
    await this.look();
  }
}

export const offered = new Offered();
