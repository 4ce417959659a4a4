import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { get } from '../../wire/http';
import type { CreditEntry, CreditsChanged, Ledger } from '../../wire/protocol.gen';
import { Paged } from '../admin/paged.svelte';
import { Signal } from '../../lib/signal';

export type { CreditEntry, CreditsChanged } from '../../wire/protocol.gen';

/** What I have, and how it came about. */
class Credits {
  /** null: not known yet. */
  balance = $state<number | null>(null);
  /** Newest first. */
  readonly ledger = new Paged<CreditEntry>((last) => this.#page(last));
  /** Somebody gave me something, just now. */
  readonly received = new Signal<CreditsChanged>();
  #shown = 0;

  constructor() {
    forget.on(() => {
      this.balance = null;
      this.ledger.clear();
    });
    sync.changes.on((change) => {
      if (change.type !== 'event' || change.event.op !== 'credits') return;
      this.balance = change.event.balance;
      if (this.#shown) void this.ledger.load();
      if (change.live && change.event.by) this.received.send(change.event);
    });
  }

  /** It is on screen, until what is returned is called. */
  show(): () => void {
    this.#shown += 1;
    void this.ledger.load();
    return () => void (this.#shown -= 1);
  }

  async #page(last: CreditEntry | undefined): Promise<{ items: CreditEntry[]; more: boolean }> {
    const { balance, entries, more } = await get<Ledger>(`credits${last ? `?before=${last.id}` : ''}`);
    this.balance = balance;
    return { items: entries, more };
  }
}

export const credits = new Credits();
