import { MINE, note, noted } from '../../lib/noted';
import { forget } from '../../local/owner';

const KEY = `${MINE}searches`;
const MOST = 8;

/** What somebody looked for last, on this device only; it goes when they sign out. */
class RecentSearches {
  list = $state.raw<readonly string[]>(held());

  constructor() {
    forget.on(() => (this.list = []));
  }

  add(query: string): void {
    const said = query.trim();
    if (said) this.#keep([said, ...held().filter((each) => each.toLowerCase() !== said.toLowerCase())].slice(0, MOST));
  }

  drop(query: string): void {
    this.#keep(held().filter((each) => each !== query));
  }

  clear(): void {
    this.#keep([]);
  }

  /** Another person or another tab may have been here meanwhile. */
  look(): void {
    this.list = held();
  }

  #keep(list: readonly string[]): void {
    this.list = list;
    note(KEY, list.length ? JSON.stringify(list) : '');
  }
}

function held(): string[] {
  try {
    const found: unknown = JSON.parse(noted(KEY) || '[]');
    return Array.isArray(found) ? found.filter((each) => typeof each === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export const recents = new RecentSearches();
