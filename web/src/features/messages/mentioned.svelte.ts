import { problemOf } from '../../lib/problem';
import { actingFor } from '../../local/db';
import { forget } from '../../local/owner';
import { mentionsMe } from '../../local/rooms';
import { sync } from '../../local/sync';
import { get } from '../../wire/http';
import type { Mentioned as Page, Message } from '../../wire/protocol.gen';
import { people } from '../people/people.svelte';

const LIMIT = 30;

/** Messages that are for me, wherever they were said. */
class MentionList {
  /** Newest first; null: not there yet. */
  messages = $state.raw<readonly Message[] | null>(null);
  more = $state(false);
  loading = $state(false);
  /** Text for people. */
  error = $state('');

  constructor() {
    forget.on(() => {
      this.messages = null;
      this.more = false;
      this.error = '';
    });
    sync.changes.on((change) => {
      if (change.type === 'event' && change.event.op === 'message') this.#heard(change.event.message);
      if (change.type === 'event' && change.event.op === 'left') this.#leave(change.event.room);
      if (change.type === 'settled' && change.welcome && this.messages) void this.load();
    });
  }

  /** From the newest on. */
  async load(): Promise<void> {
    await this.#ask('');
  }

  async loadMore(): Promise<void> {
    const last = this.messages?.at(-1);
    if (this.more && last) await this.#ask(last.id);
  }

  async #ask(before: string): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      const query = new URLSearchParams({ limit: String(LIMIT), ...(before && { before }) });
      const page = await get<Page>(`mentions?${query}`);
      people.remember(page.people);
      this.messages = before ? [...(this.messages ?? []), ...page.messages] : page.messages;
      this.more = page.more;
      this.error = '';
    } catch (error) {
      this.error = problemOf(error).text;
    } finally {
      this.loading = false;
    }
  }

  #heard(message: Message): void {
    if (!this.messages) return;
    const held = this.messages.findIndex((one) => one.id === message.id);
    const others = this.messages.filter((one) => one.id !== message.id);
    const wanted = message.author !== actingFor() && message.content !== null && mentionsMe(message, actingFor());
    if (wanted && held >= 0) this.messages = this.messages.with(held, message);
    else if (wanted && message.seq === message.rev) this.messages = [message, ...others];
    else if (held >= 0) this.messages = others;
  }

  #leave(room: string): void {
    this.messages = this.messages?.filter((one) => one.room !== room) ?? null;
  }
}

export const mentioned = new MentionList();
