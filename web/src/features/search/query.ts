/**
 * What somebody typed, taken apart as the server does it: for devices without a network, and for what is offered while
 * one types. There is no wrong query; what looks like a filter and is none is taken as words.
 */
import { words } from './folding';

export const NAMES = ['from', 'in', 'has', 'mentions', 'is', 'before', 'after', 'on'] as const;
export type Name = (typeof NAMES)[number];

/** Words that stand beside each other. `exact`: in quotes, so the last one is whole. */
export interface Term {
  kind: 'word' | 'phrase';
  value: string;
  words: readonly string[];
}

/** The first one and the one behind the last, as the person's own midnights (ms). */
export type Days = readonly [since: number, until: number];

export interface Filter {
  kind: Name;
  value: string;
  days?: Days;
}

export type Part = Term | Filter;

/** Of each group at least one must hold, and none of what is excluded. */
export interface Query {
  groups: Part[][];
  excluded: Part[];
}

const KINDS: Record<string, string> = {
  link: 'link',
  links: 'link',
  file: 'file',
  files: 'file',
  image: 'image',
  images: 'image',
  picture: 'image',
  photo: 'image',
  video: 'video',
  audio: 'audio',
  voice: 'audio',
};
const MOST_PARTS = 24;
const QUOTES: Record<string, string> = { '"': '"', '“': '”', '„': '“”', '«': '»', '「': '」' };
const MARKS = [...new Set([...Object.keys(QUOTES), ...Object.values(QUOTES).join('')])].join('');
const BARE = new RegExp(`[^\\s${MARKS}]*`, 'y');
const CLOSING = [...MARKS].filter((mark) => !(mark in QUOTES)).join('');
const BEGIN = new RegExp(`[^\\s${CLOSING}]`, 'g');
const DASHES = /[-\u2212\u2013]+(?=\S)/y;
const NAME = new RegExp(`(${NAMES.join('|')})[:\uff1a]`, 'iy');

interface Piece {
  text: string;
  name: Name | null;
  minus: boolean;
  quoted: boolean;
}

/** `today`: any moment of the day on which it is asked. */
export function parse(typed: string, today: number): Query {
  const groups: Part[][] = [];
  const excluded: Part[] = [];
  let joining = false;
  for (const piece of pieces(typed).slice(0, 4 * MOST_PARTS)) {
    const bare = !piece.name && !piece.minus && !piece.quoted;
    if (bare && ['OR', '|', '||'].includes(piece.text)) {
      joining = groups.length > 0;
      continue;
    }
    const part = partOf(piece, today);
    if (!part || groups.length + excluded.length >= MOST_PARTS) continue;
    if (piece.minus) excluded.push(part);
    else if (joining && groups.at(-1)!.length < MOST_PARTS) groups.at(-1)!.push(part);
    else groups.push([part]);
    joining = false;
  }
  return { groups: groups.map(once), excluded: once(excluded) };
}

function once(parts: readonly Part[]): Part[] {
  return [...new Map(parts.map((part) => [`${part.kind} ${part.value}`, part])).values()];
}

/** One part as it is typed. */
export function written(part: Part): string {
  if (part.kind === 'phrase') return `"${part.value}"`;
  if (part.kind === 'word') return part.value;
  return `${part.kind}:${/\s/.test(part.value) ? `"${part.value}"` : part.value}`;
}

/** Cut at spaces outside of quotes; a quote that is never closed goes on to the end. */
function pieces(typed: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (;;) {
    BEGIN.lastIndex = at;
    const begin = BEGIN.exec(typed);
    if (!begin) return found;
    at = behind(DASHES, typed, begin.index);
    const minus = at > begin.index;
    const named = behind(NAME, typed, at);
    const name = named > at ? (typed.slice(at, named - 1).toLowerCase() as Name) : null;
    at = named;
    const closing = QUOTES[typed[at] ?? ''];
    if (closing) {
      const ends = [...closing].map((mark) => typed.indexOf(mark, at + 1)).filter((end) => end >= 0);
      const end = ends.length ? Math.min(...ends) : typed.length;
      found.push({ text: typed.slice(at + 1, end), name, minus, quoted: true });
      at = end + 1;
      continue;
    }
    const end = behind(BARE, typed, at);
    found.push({ text: typed.slice(at, end), name, minus, quoted: false });
    at = Math.max(end, begin.index + 1);
  }
}

function behind(run: RegExp, typed: string, at: number): number {
  run.lastIndex = at;
  return run.test(typed) ? run.lastIndex : at;
}

/** null: nothing, such as a lone dash or a name that is still to be typed. */
function partOf(piece: Piece, today: number): Part | null {
  let value = piece.text.replace(new RegExp(`[${MARKS}]`, 'g'), ' ').trim().replace(/\s+/g, ' ');
  if (piece.name) {
    const found = value ? filterOf(piece.name, caseless(value), today) : null;
    if (found || !value) return found;
    value = `${piece.name}:${value}`;
  }
  const spoken = words(value);
  return spoken.length ? { kind: piece.quoted ? 'phrase' : 'word', value, words: spoken } : null;
}

/** Sign by sign, as a sigma at an end is no other letter. */
const caseless = (value: string): string => [...value].map((sign) => sign.toUpperCase().toLowerCase()).join('');

function filterOf(kind: Name, value: string, today: number): Filter | null {
  if (kind === 'has') return KINDS[value] ? { kind, value: KINDS[value] } : null;
  if (kind === 'is') return ['pinned', 'mine'].includes(value) ? { kind, value } : null;
  if (kind === 'before' || kind === 'after' || kind === 'on') {
    const days = daysOf(value, today);
    return days ? { kind, value, days } : null;
  }
  const bare = value.replace(/^[@#\s]+/, '');
  return bare ? { kind, value: bare } : null;
}

/** "2026-11-20", "2026-11", "2026", "20.11.2026", "today", "yesterday", "7d" (so many days ago), "2w". */
export function daysOf(value: string, today: number): Days | null {
  const now = new Date(today);
  const day = (back: number): Days => {
    const at = (more: number): number => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back + more).getTime();
    return [at(0), at(1)];
  };
  if (value === 'today') return day(0);
  if (value === 'yesterday') return day(1);
  const ago = /^(\d{1,4})([dw])$/.exec(value);
  if (ago) return day(Number(ago[1]) * (ago[2] === 'w' ? 7 : 1));
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(value);
  if (dotted) return span(Number(dotted[3]), Number(dotted[2]), Number(dotted[1]));
  const parts = /^(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?$/.exec(value);
  return parts && span(Number(parts[1]), Number(parts[2] ?? 0), Number(parts[3] ?? 0));
}

function span(year: number, month: number, day: number): Days | null {
  const first = new Date(year, Math.max(month, 1) - 1, Math.max(day, 1));
  // The 31st of a shorter month is none, and a browser would take it for the 1st of the next.
  if (year < 1000 || (month && first.getMonth() !== month - 1) || (day && first.getDate() !== day)) return null;
  if (day) return [first.getTime(), new Date(year, month - 1, day + 1).getTime()];
  if (month) return [first.getTime(), new Date(year, month, 1).getTime()];
  return [first.getTime(), new Date(year + 1, 0, 1).getTime()];
}
