/**
 * Which language this device speaks: the one chosen here, else the first that the person wants and we have.
 *
 * Known while the first modules load, because they make their formatters then. The texts come a moment later.
 */
import type { Entry } from '.';

/** What a language makes of our English. */
export interface Book {
  told(entry: Entry, key: string): Entry;
  /** What the server said, by its stable code. */
  refused(code: string, words: string): string;
}

export const KEY = 'safevoice.language';
export const BOOKS: Record<string, () => Promise<Book>> = {
  de: () => import('./de'),
  // For eyes and tests: no language of anybody's, so they can only be asked for by name.
  'en-XA': () => import('./pseudo'),
  'ar-XB': () => import('./pseudo'),
};

const baseOf = (tag: string): string => tag.split('-')[0] ?? '';
const wanted = globalThis.navigator?.languages ?? [];

/** What was chosen on this device; '' follows the system. */
export function chosenLanguage(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

const spoken = (code: string): boolean => code === 'en' || Object.hasOwn(BOOKS, code);
const chosen = chosenLanguage();
export const locale = spoken(chosen) ? chosen : (wanted.map(baseOf).find(spoken) ?? 'en');

/** The language of the texts with the person's own habits for dates and clocks, such as en-GB. */
export const region = wanted.find((tag) => baseOf(tag) === locale) ?? locale;
export const rightToLeft = /^(ar|fa|he|ur)\b/.test(locale);

export const openBook = (): Promise<Book> | undefined => BOOKS[locale]?.();
