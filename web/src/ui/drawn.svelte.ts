import { icons, type IconName } from './icons';

type Later = typeof import('./icons.later').laterIcons;

/** The strokes of every icon: some are here from the start, the others when one of them is first wanted. */
class Drawn {
  #later = $state.raw<Later | null>(null);
  #asked = false;

  /** '' until it has come; its place is kept free meanwhile. */
  path(name: IconName): string {
    if (name in icons) return icons[name as keyof typeof icons];
    if (!this.#asked) void this.fetch();
    return this.#later?.[name as keyof Later] ?? '';
  }

  async fetch(): Promise<void> {
    this.#asked = true;
    try {
      this.#later = (await import('./icons.later')).laterIcons;
    } catch {
      // Asked for again with the next one: the network may be back by then.
      this.#asked = false;
    }
  }
}

export const drawn = new Drawn();
