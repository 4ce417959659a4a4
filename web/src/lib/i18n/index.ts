/**
 * Texts by key, filled in and in the right plural form; wrong keys and missing values do not compile.
 *
 * `en.ts` is loaded before anything can be seen, so it holds only what the list, a room and the composer say. What
 * a part says that loads later stands in `areas/<area>.ts`; such a part imports `t` from there instead of from here,
 * and that `t` knows the texts of `en.ts` too. The build fails when an area finds its way into the initial bundle.
 *
 * Another language is one file more, with all it says (see `docs/translating.md`). It is asked for here, before
 * anything else, and `ready` is what the first screen waits for. English waits for nothing.
 */
import { en } from './en';
import { locale, openBook, region, rightToLeft, type Book } from './language';

export type Forms = { readonly other: string } & { readonly [rule in Intl.LDMLPluralRule]?: string };
export type Entry = string | Forms;
export type Texts = Readonly<Record<string, Entry>>;

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<E> = E extends string ? NamesIn<E> : NamesIn<E[keyof E]>;
type Values<E> = [NamesOf<E>] extends [never] ? [] : [values: Record<NamesOf<E>, string | number>];

/** The same texts in another language. What is missing is said in English, and fails `i18n.test.ts`. */
export type Translation<T> = { readonly [K in keyof T]?: T[K] extends string ? string : Forms };

export type Key = keyof typeof en;
export type Translate<T> = <K extends keyof T>(key: K, ...values: Values<T[K]>) => string;

export { locale, region, rightToLeft, type Book };

let book: Book | undefined;
const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(region);

/** Of the other direction: would turn the words around it. */
const FOREIGN = rightToLeft ? /./ : /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** Undefined when there is nothing to wait for. Without its texts a language is English. */
export const ready = openBook()?.then(
  (found) => {
    book = found;
    announce(locale, rightToLeft);
  },
  () => announce('en', false),
);
if (ready) announce(locale, rightToLeft);

export const t = saying(en);

/** The `t` of an area: its own texts and all of `en.ts`. */
export function area<const T extends Texts>(texts: T): Translate<typeof en & T> {
  return saying({ ...en, ...texts });
}

/** What the server said, in the person's language; English is the server's own. */
export function refused(code: string, words: string): string {
  return book?.refused(code, words) ?? words;
}

/** Such as "Ada, Bela and Camille"; as a `unit`, "Ada, Bela, Camille". */
export function listed(names: readonly string[], type: 'conjunction' | 'unit' = 'conjunction'): string {
  return new Intl.ListFormat(region, { type, style: type === 'unit' ? 'short' : 'long' }).format(names.map(isolated));
}

/** Such as "Online · On my way", without what is empty. */
export function dotted(...parts: string[]): string {
  return parts.filter(Boolean).map(isolated).join(' · ');
}

/** Such as "1,200". */
export function counted(n: number): string {
  return numbers.format(n);
}

function saying<T extends Texts>(texts: T): Translate<T> {
  return (key, ...[values]) => {
    const given = (values ?? {}) as Record<string, string | number>;
    const english = texts[key];
    if (english === undefined) return String(key);
    return formOf(book?.told(english, String(key)) ?? english, given).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? counted(value) : isolated(value);
    });
  };
}

function formOf(entry: Entry, values: Record<string, string | number>): string {
  if (typeof entry === 'string') return entry;
  return entry[plurals.select(Number(values.n))] ?? entry.other;
}

/** As a part of a line that may run the other way. */
export function isolated(value: string): string {
  return FOREIGN.test(value) ? `\u2068${value}\u2069` : value;
}

function announce(language: string, turned: boolean): void {
  const root = globalThis.document?.documentElement;
  if (!root) return;
  root.lang = language;
  root.dir = turned ? 'rtl' : 'ltr';
}
