/**
 * Texts by key, filled in and in the right plural form; wrong keys and missing values do not compile.
 *
 * `en.ts` is loaded before anything can be seen, so it holds only what the list, a room and the composer say. What
 * a part says that loads later stands in `areas/<area>.ts`; such a part imports `t` from there instead of from here,
 * and that `t` knows the texts of `en.ts` too. The build fails when an area finds its way into the initial bundle.
 */
import { en } from './en';

type Forms = { readonly other: string } & { readonly [rule in Intl.LDMLPluralRule]?: string };
type Entry = string | Forms;
type Texts = Readonly<Record<string, Entry>>;

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<E> = E extends string ? NamesIn<E> : NamesIn<E[keyof E]>;
type Values<E> = [NamesOf<E>] extends [never] ? [] : [values: Record<NamesOf<E>, string | number>];

export type Key = keyof typeof en;
export type Translate<T> = <K extends keyof T>(key: K, ...values: Values<T[K]>) => string;

export const locale = 'en';

/** The language of the texts with the person's own habits for dates and clocks, such as en-GB. */
export const region = globalThis.navigator?.languages?.find((tag) => tag.split('-')[0] === locale) ?? locale;

const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

export const t = saying(en);

/** The `t` of an area: its own texts and all of `en.ts`. */
export function area<const T extends Texts>(texts: T): Translate<typeof en & T> {
  return saying({ ...en, ...texts });
}

function saying<T extends Texts>(texts: T): Translate<T> {
  return (key, ...[values]) => {
    const given = (values ?? {}) as Record<string, string | number>;
    return formOf(texts[key] ?? String(key), given).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? numbers.format(value) : value;
    });
  };
}

function formOf(entry: Entry, values: Record<string, string | number>): string {
  if (typeof entry === 'string') return entry;
  return entry[plurals.select(Number(values.n))] ?? entry.other;
}
