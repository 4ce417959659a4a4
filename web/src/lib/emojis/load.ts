/** The emoji of one's language: a file of their own, fetched when somebody first wants one. */
import { locale } from '../i18n';
import { Book } from './book';
import { drawnHere } from './drawn';

type Source = () => Promise<{ default: string }>;

const en: Source = () => import('./en.txt?raw');
const SOURCES: Partial<Record<string, Source>> = { en, de: () => import('./de.txt?raw') };

let book: Promise<Book> | undefined;
let loaded: Book | undefined;

/** Rejects without a network, and may be asked again. */
export async function loadEmojis(): Promise<Book> {
  const source = SOURCES[locale.split('-')[0]!] ?? en;
  book ??= source().then(({ default: text }) => (loaded = new Book(text, drawnHere())));
  try {
    return await book;
  } catch (error) {
    book = undefined;
    throw error;
  }
}

/** undefined as long as they are not here. */
export function emojisHere(): Book | undefined {
  return loaded;
}
