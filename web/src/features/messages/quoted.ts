import { heldById } from '../../local/held';
import { fetchPage } from '../../local/pages';
import type { Message } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';
import type { Item } from './items';

/** Looks for messages that are answered from far away, each once. */
export class QuoteFinder {
  #asked = new Set<string>();

  constructor(
    private readonly roomId: string,
    /** Asked before looking; what it returns takes what was found, if that is still wanted then. */
    private readonly taker: () => (messages: Message[]) => void,
  ) {}

  /** What could not be had may be had now. */
  again(): void {
    this.#asked.clear();
  }

  find(items: readonly Item[]): void {
    for (const { quoted } of items) {
      if (!quoted || quoted.known || this.#asked.has(quoted.id)) continue;
      this.#asked.add(quoted.id);
      void this.#one(quoted.id);
    }
  }

  async #one(id: string): Promise<void> {
    const take = this.taker();
    const held = await heldById(id);
    if (held) return take([held]);
    if (!connection.online) return;
    const page = await fetchPage(this.roomId, { around: id }, 1).catch(() => null);
    if (page) take(page.messages);
  }
}
