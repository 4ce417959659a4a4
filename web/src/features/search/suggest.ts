/** What is offered while somebody types a query: filters, and what may follow their colon. */
import { NAMES, type Name } from './query';

/** A filter at the end of what was typed, whose value is still to come or unfinished. */
export interface Ending {
  name: Name;
  value: string;
  /** Where it begins. */
  at: number;
  minus: boolean;
}

const ENDING = new RegExp(`(?:^|\\s)([-\\u2212\\u2013]?)(${NAMES.join('|')})[:\\uff1a]("?)([^"]*)$`, 'i');

/** null: nothing to complete. A value in quotes may have spaces. */
export function endingOf(query: string): Ending | null {
  const found = ENDING.exec(query);
  if (!found) return null;
  const [whole, minus = '', name = '', quote, value = ''] = found;
  if (!quote && /\s/.test(value)) return null;
  const at = found.index + (/^\s/.test(whole) ? 1 : 0);
  return { name: name.toLowerCase() as Name, value: value.replace(/^[@#]/, ''), at, minus: minus !== '' };
}

/** The query with the unfinished filter finished, ready for more. */
export function finished(query: string, ending: Ending, value: string): string {
  const bare = value.replace(/[\s"]+/g, ' ').trim();
  const shown = /\s/.test(bare) ? `"${bare}"` : bare;
  return `${query.slice(0, ending.at)}${ending.minus ? '-' : ''}${ending.name}:${shown} `;
}

/** The query with another filter in the place of the unfinished one, and the same value. */
export function renamed(query: string, ending: Ending, name: Name): string {
  return `${query.slice(0, ending.at)}${ending.minus ? '-' : ''}${name}:${ending.value}`;
}

/** The query with more behind it; whoever is to go on typing a filter's value begins right behind its colon. */
export function extended(query: string, more: string): string {
  const before = query.trimEnd();
  return `${before && `${before} `}${more}${more.endsWith(':') ? '' : ' '}`;
}

/** As a date field has it, and as a query says it. */
export function dayText(at: number): string {
  const day = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
