import type { Book, Emoji } from '../lib/emojis/book';

export interface EmojiRow {
  key: string;
  /** -1: what was used lately. */
  group: number;
  /** It opens its group. */
  title: boolean;
  emojis: readonly Emoji[];
}

export interface Place {
  row: number;
  column: number;
}

const MOST_FOUND = 120;

/** All groups one below the other, each with a row for its title; or what was found, without any. */
export function rowsOf(book: Book, recent: readonly Emoji[], query: string, columns: number): EmojiRow[] {
  if (query.trim()) return lines(0, book.find(query, MOST_FOUND), columns);
  const groups = [...(recent.length ? [{ id: -1, emojis: recent }] : []), ...book.groups];
  return groups.flatMap(({ id, emojis }) => [
    { key: `title ${id}`, group: id, title: true, emojis: [] },
    ...lines(id, emojis, columns),
  ]);
}

function lines(group: number, emojis: readonly Emoji[], columns: number): EmojiRow[] {
  const count = Math.ceil(emojis.length / columns);
  return Array.from({ length: count }, (_, n) => ({
    key: `${group} ${n} ${columns}`,
    group,
    title: false,
    emojis: emojis.slice(n * columns, (n + 1) * columns),
  }));
}

export function placeOf(rows: readonly EmojiRow[], group: number): number {
  return rows.findIndex((row) => row.title && row.group === group);
}

/** Where a key leads from a place in the grid; titles are stepped over. null: it is no key of the grid. */
export function beside(rows: readonly EmojiRow[], { row, column }: Place, key: string, rtl: boolean): Place | null {
  const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -5, PageDown: 5 }[key];
  if (step) return line(rows, row, column, step);
  // Before anything is chosen they move in the words of the search.
  const turn = { ArrowLeft: rtl ? 1 : -1, ArrowRight: rtl ? -1 : 1 }[key];
  if (!turn || row < 0) return null;
  if (rows[row]!.emojis[column + turn]) return { row, column: column + turn };
  const next = line(rows, row, turn > 0 ? 0 : Infinity, turn);
  return next.row === row ? { row, column } : next;
}

function line(rows: readonly EmojiRow[], row: number, column: number, step: number): Place {
  const way = Math.sign(step);
  let to = Math.max(-1, Math.min(rows.length, row + step));
  if (to < 0 || to >= rows.length) to = way > 0 ? rows.length - 1 : 0;
  while (rows[to] && !rows[to]!.emojis.length) to += way;
  const found = rows[to] ?? rows[row];
  if (!found?.emojis.length) return { row, column };
  return { row: rows[to] ? to : row, column: Math.min(column, found.emojis.length - 1) };
}
