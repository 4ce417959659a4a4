import { problemOf } from '../../lib/problem';

export interface PageOf<Item> {
  items: readonly Item[];
  more: boolean;
  /** How many there are in all, where that is known. */
  total?: number;
}

/** Rows that come a page at a time. Of two questions the later one is answered, however long the other takes. */
export class Paged<Item> {
  /** null: not here yet. */
  items = $state.raw<readonly Item[] | null>(null);
  total = $state(0);
  more = $state(false);
  busy = $state(false);
  /** Text for people. */
  problem = $state('');
  #asked: object = {};

  /** `last`: the row after which to go on; undefined: from the beginning. */
  constructor(private readonly fetch: (last: Item | undefined) => Promise<PageOf<Item>>) {}

  /** From the beginning; what is there stays until the answer comes. */
  async load(): Promise<void> {
    await this.#ask(undefined, ({ items }) => items);
  }

  async next(): Promise<void> {
    if (this.busy) return;
    const before = this.items ?? [];
    await this.#ask(before.at(-1), ({ items }) => [...before, ...items]);
  }

  /** One of them is another now; null takes it out. */
  alter(which: (item: Item) => boolean, how: (item: Item) => Item | null): void {
    this.items = this.items?.flatMap((item) => (which(item) ? (how(item) ?? []) : item)) ?? null;
  }

  clear(): void {
    this.#asked = {};
    this.items = null;
    this.total = 0;
    this.more = this.busy = false;
    this.problem = '';
  }

  async #ask(last: Item | undefined, join: (page: PageOf<Item>) => readonly Item[]): Promise<void> {
    const asked = (this.#asked = {});
    this.busy = true;
    try {
      const page = await this.fetch(last);
      if (this.#asked !== asked) return;
      this.items = join(page);
      this.more = page.more;
      this.total = page.total ?? this.items.length;
      this.problem = '';
    } catch (thrown) {
      if (this.#asked === asked) this.problem = problemOf(thrown).text;
    } finally {
      if (this.#asked === asked) this.busy = false;
    }
  }
}

/** Whoever types is asked for when they pause. */
const PAUSE = 200;

/** Rows that are looked for by the beginning of a name. */
export class Sought<Item> extends Paged<Item> {
  q = $state('');
  #typing: ReturnType<typeof setTimeout> | undefined;

  seek(q: string): void {
    this.q = q;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.load(), PAUSE);
  }

  override clear(): void {
    super.clear();
    clearTimeout(this.#typing);
    this.q = '';
  }
}
