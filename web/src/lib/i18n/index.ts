/** Texts by key, filled in and in the right plural form; wrong keys and missing values do not compile. */
import { en } from './en';

export type Key = keyof typeof en;
type Entry = (typeof en)[Key];

type NamesIn<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type NamesOf<E> = E extends string ? NamesIn<E> : NamesIn<E[keyof E]>;
type Values<K extends Key> = [NamesOf<(typeof en)[K]>] extends [never]
  ? []
  : [values: Record<NamesOf<(typeof en)[K]>, string | number>];

export const locale = 'en';

/** The language of the texts with the person's own habits for dates and clocks, such as en-GB. */
export const region = globalThis.navigator?.languages?.find((tag) => tag.split('-')[0] === locale) ?? locale;

const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

export function t<K extends Key>(key: K, ...[values]: Values<K>): string {
  const given = (values ?? {}) as Record<string, string | number>;
  return formOf(en[key], given).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = given[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

function formOf(entry: Entry, values: Record<string, string | number>): string {
  if (typeof entry === 'string') return entry;
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string } = entry;
  return forms[plurals.select(Number(values.n))] ?? forms.other;
}
