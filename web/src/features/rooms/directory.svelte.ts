import { problemOf } from '../../lib/problem';
import { sync } from '../../local/sync';
import { directory, type Category, type DirectoryRoom } from './manage';

const PATIENCE = 180;

/** A shelf of the directory: rooms under one heading. `id` is '' for those that stand under none. */
export interface Shelf {
  id: string;
  name: string;
  rooms: DirectoryRoom[];
}

/** The public rooms as somebody looks through them. */
export class Directory {
  /** null: nothing has come yet. */
  rooms = $state.raw<DirectoryRoom[] | null>(null);
  categories = $state.raw<Category[]>([]);
  more = $state(false);
  busy = $state(false);
  problem = $state('');
  wanted = $state('');
  /** The one category that is looked at; '': all. */
  category = $state('');

  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Load, and again whenever what is looked for or the categories change; returns what ends that. */
  open(): () => void {
    void this.load();
    const off = sync.changes.on((change) => {
      if (change.type === 'passing' && change.event.op === 'categories') void this.load();
    });
    return () => {
      off();
      clearTimeout(this.#timer);
      this.#turn += 1;
    };
  }

  look(wanted: string): void {
    this.wanted = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PATIENCE);
  }

  choose(category: string): void {
    this.category = category;
    void this.load();
  }

  load(): Promise<void> {
    return this.#ask();
  }

  async next(): Promise<void> {
    if (this.more && !this.busy) await this.#ask(this.rooms?.at(-1)?.room.id);
  }

  /** By heading in the admin's order where all of them are here; else as they came. */
  get shelves(): Shelf[] {
    // What one could join comes first, unless more would come in between.
    const rooms = this.more ? (this.rooms ?? []) : [...(this.rooms ?? [])].sort((a, b) => Number(a.joined) - Number(b.joined));
    const one = { id: '', name: '', rooms };
    if (this.wanted.trim() || this.category || this.more || !this.categories.length) return [one];
    const known = new Set(this.categories.map(({ id }) => id));
    const of = (id: string): DirectoryRoom[] => rooms.filter(({ room }) => room.category === id);
    const rest = rooms.filter(({ room }) => !known.has(room.category ?? ''));
    const shelves = this.categories.map(({ id, name }) => ({ id, name, rooms: of(id) }));
    return [...shelves, { ...one, rooms: rest }].filter((shelf) => shelf.rooms.length);
  }

  async #ask(after = ''): Promise<void> {
    const turn = ++this.#turn;
    [this.busy, this.problem] = [true, ''];
    try {
      const found = await directory({ q: this.wanted.trim(), category: this.category, after });
      if (turn !== this.#turn) return;
      this.rooms = after ? [...(this.rooms ?? []), ...found.rooms] : found.rooms;
      this.categories = found.categories ?? [];
      this.more = found.more ?? false;
      if (this.category && !this.categories.some(({ id }) => id === this.category)) this.choose('');
    } catch (thrown) {
      if (turn === this.#turn) this.problem = problemOf(thrown).text;
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}
