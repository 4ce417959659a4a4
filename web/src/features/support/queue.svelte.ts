import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get } from '../../wire/http';
import type { Ticket, Tickets } from '../../wire/protocol.gen';
import { Paged } from '../admin/paged.svelte';
import { session } from '../auth/session.svelte';
import { connection } from '../connection.svelte';

export type { Ticket } from '../../wire/protocol.gen';

/** What members asked, for the staff: who waits longest first; and what is closed, newest first. */
class Queue {
  /** In so many somebody waits for an answer. */
  waiting = $state(0);
  readonly open = new Paged<Ticket>(() => this.#all(''));
  readonly closed = new Paged<Ticket>(() => this.#all('?closed=1'));
  #shown = 0;

  constructor() {
    forget.on(() => {
      this.waiting = 0;
      this.open.clear();
      this.closed.clear();
    });
    sync.changes.on((change) => {
      if (change.type === 'settled' && change.welcome) void this.refresh();
      if (change.type !== 'passing' || change.event.op !== 'queue') return;
      this.waiting = change.event.waiting;
      if (!this.#shown) return;
      void this.open.load();
      if (this.closed.items) void this.closed.load();
    });
    if (connection.online) void this.refresh();
  }

  /** It is on screen, until what is returned is called. */
  show(): () => void {
    this.#shown += 1;
    void this.open.load();
    return () => void (this.#shown -= 1);
  }

  /** Without a connection the next welcome asks again. */
  async refresh(): Promise<void> {
    if (session.staff) await this.open.load();
  }

  /** Reactive. */
  of(room: string): Ticket | undefined {
    return [...(this.open.items ?? []), ...(this.closed.items ?? [])].find((ticket) => ticket.room === room);
  }

  async #all(query: string): Promise<{ items: Ticket[]; more: boolean }> {
    const { tickets } = await get<Tickets>(`support/queue${query}`);
    if (!query) this.waiting = tickets.filter((ticket) => ticket.waiting_since).length;
    return { items: tickets, more: false };
  }
}

export const queue = new Queue();
