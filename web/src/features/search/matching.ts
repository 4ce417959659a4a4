/** Looking through messages on this device, as the server would: the same words, filters and snippets. */
import { textIn } from '../../lib/content';
import type { Hit, Message, Understood } from '../../wire/protocol.gen';
import { standsAlone, tokens, type Token } from './folding';
import { written, type Part, type Query, type Term } from './query';

/** Whom and what a name in a query may stand for, by id. */
export interface Naming {
  me: string;
  people(value: string): string[];
  rooms(value: string): string[];
}

export interface Fitting {
  hit: Hit;
  worth: number;
  /** Only what is inside of its words fits. */
  inside: boolean;
}

/** Letters from which on a word may go on, and from which on it may stand inside of another. */
const LEAST_BEGINNING = 2;
const LEAST_INSIDE = 3;
const EXACT = 3;
const BEGINNING = 2;
const INSIDE = 1;
/** Of a snippet, and how much of it comes before what was found. */
const LENGTH = 180;
const LEAD = 48;
const LINK = /\bhttps?:\/\/\S|\bwww\.\S/i;

type Span = [start: number, end: number];
type Place = [first: number, behind: number, how: number];

export class Look {
  readonly #groups: Part[][];
  readonly #people = new Map<Part, ReadonlySet<string>>();

  constructor(
    private readonly query: Query,
    private readonly naming: Naming,
  ) {
    this.#groups = joined(query.groups);
    for (const part of [...query.groups.flat(), ...query.excluded]) {
      if (part.kind === 'from' || part.kind === 'mentions') this.#people.set(part, new Set(naming.people(part.value)));
      if (part.kind === 'in') this.#people.set(part, new Set(naming.rooms(part.value)));
    }
  }

  /** null: not what was asked for. */
  at(message: Message): Fitting | null {
    const text = textIn(message.content);
    if (text === null) return null;
    let cut: Token[] | undefined;
    const spoken = (): Token[] => (cut ??= tokens(text));
    const holds = (part: Part, wide: boolean): boolean => this.#holds(part, message, text, spoken, wide);
    const fits = (wide: boolean): boolean => this.#groups.every((group) => group.some((part) => holds(part, wide)));
    if (!fits(true) || this.query.excluded.some((part) => holds(part, false))) return null;
    const inside = !fits(false);
    const terms = this.query.groups.flat().filter(isTerm);
    const found = terms.map((term) => [...places(term, spoken(), inside)]);
    const marked = spansOf(found.flat(), spoken());
    const { id, room, seq, author, at } = message;
    const seen = [...new Set(marked.map(([start, end]) => text.slice(start, end)))];
    const hit = { message: id, room, seq, author, at, snippet: snippet(text, marked), words: seen };
    return { hit, worth: worth(terms, found, spoken()), inside };
  }

  /** `wide`: also inside of words. */
  #holds(part: Part, message: Message, text: string, spoken: () => Token[], wide: boolean): boolean {
    const { author, room, at, mentions = [] } = message;
    const { me } = this.naming;
    switch (part.kind) {
      case 'word':
      case 'phrase':
        return !places(part, spoken(), wide).next().done;
      case 'from':
        return this.#stands(part, author);
      case 'in':
        return this.#stands(part, room);
      case 'mentions': {
        if (this.#stands(part, me) && (author === me || message.everyone)) return author !== me;
        return mentions.some((person) => this.#stands(part, person));
      }
      case 'is':
        return part.value === 'mine' && author === me;
      case 'has':
        return part.value === 'link' && LINK.test(text);
      default: {
        const [since, until] = part.days ?? [0, 0];
        if (part.kind === 'before') return at < since;
        return part.kind === 'after' ? at >= until : at >= since && at < until;
      }
    }
  }

  #stands(part: Part, id: string): boolean {
    return this.#people.get(part)?.has(id) ?? false;
  }

  /** Part by part how it was understood. */
  get understood(): Understood[] {
    const tell = (part: Part, alternative: boolean, excluded: boolean): Understood => {
      const [since, until] = isTerm(part) ? [0, 0] : (part.days ?? [0, 0]);
      const ids = [...(this.#people.get(part) ?? [])];
      return {
        text: excluded ? `-${written(part)}` : written(part),
        kind: part.kind,
        value: part.value,
        alternative,
        excluded,
        people: part.kind === 'in' ? [] : ids,
        rooms: part.kind === 'in' ? ids : [],
        since: part.kind === 'before' ? 0 : part.kind === 'after' ? until : since,
        until: part.kind === 'before' ? since : part.kind === 'after' ? 0 : until,
      };
    };
    const { groups, excluded } = this.query;
    return [
      ...groups.flatMap((group) => group.map((part, at) => tell(part, at > 0, false))),
      ...excluded.map((part) => tell(part, false, true)),
    ];
  }
}

const isTerm = (part: Part): part is Term => part.kind === 'word' || part.kind === 'phrase';

/** Several people or rooms side by side can only be meant as one or another. */
function joined(groups: Part[][]): Part[][] {
  const either = new Map<string, Part[]>();
  const rest: Part[][] = [];
  for (const group of groups) {
    const [only] = group;
    if (group.length > 1 || !only || (only.kind !== 'from' && only.kind !== 'in')) rest.push(group);
    else either.set(only.kind, [...(either.get(only.kind) ?? []), only]);
  }
  return [...rest, ...either.values()];
}

function* places({ kind, words }: Term, spoken: readonly Token[], wide: boolean): Generator<Place> {
  const last = words.at(-1) ?? '';
  const first = words.slice(0, -1);
  const open = kind === 'word' && [...last].length >= LEAST_BEGINNING && !standsAlone(last);
  const inside = wide && open && words.length === 1 && [...last].length >= LEAST_INSIDE;
  for (let at = 0; at + words.length <= spoken.length; at += 1) {
    const found = spoken[at + words.length - 1]!.word;
    const how = found === last ? EXACT : open && found.startsWith(last) ? BEGINNING : inside && found.includes(last) ? INSIDE : 0;
    if (how && first.every((word, step) => spoken[at + step]!.word === word)) yield [at, at + words.length, how];
  }
}

function spansOf(found: Place[], spoken: readonly Token[]): Span[] {
  const spans: Span[] = [];
  const all = found.map(([first, behind]): Span => [spoken[first]!.start, spoken[behind - 1]!.end]);
  for (const [start, end] of all.sort((a, b) => a[0] - b[0])) {
    const last = spans.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  }
  return spans;
}

/** A piece of the text around what was found first: plain and found in turns, beginning with plain. */
function snippet(text: string, marked: readonly Span[]): string[] {
  const [from, to] = windowOf(text, marked);
  const pieces: string[] = [];
  let at = from;
  for (const [start, end] of marked) {
    if (start < from || start >= to) continue;
    pieces.push(text.slice(at, start), text.slice(start, Math.min(end, to)));
    at = Math.min(end, to);
  }
  pieces.push(text.slice(at, to));
  pieces[0] = (from ? '…' : '') + (pieces[0] ?? '');
  pieces[pieces.length - 1] += to < text.length ? '…' : '';
  return pieces.map((piece) => piece.replace(/\s/g, ' '));
}

function windowOf(text: string, marked: readonly Span[]): Span {
  const [start, end] = marked[0] ?? [0, 0];
  let from = Math.max(0, Math.min(start - LEAD, text.length - LENGTH));
  let to = Math.min(text.length, Math.max(from + LENGTH, Math.min(end, from + 2 * LENGTH)));
  // To where a word begins and ends, where one does so nearby; never through the middle of a sign.
  if (from) {
    const space = text.indexOf(' ', from);
    if (space >= 0 && space < Math.min(start, from + LEAD / 2)) from = space + 1;
    else if (isLow(text, from)) from -= 1;
  }
  if (to < text.length) {
    const space = text.lastIndexOf(' ', to);
    if (space >= Math.max(end, to - LEAD / 2)) to = space;
    else if (isLow(text, to)) to += 1;
  }
  return [from, to];
}

const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

/** Whole words before beginnings before what is inside; close to each other; early; in a short text. */
function worth(terms: readonly Term[], found: readonly Place[][], spoken: readonly Token[]): number {
  let total = 0;
  const starts: number[] = [];
  for (const [at, all] of found.entries()) {
    if (!all.length) continue;
    total += Math.max(...all.map(([, , how]) => how)) * terms[at]!.words.length;
    starts.push(Math.min(...all.map(([first]) => first)));
  }
  if (!starts.length) return 0;
  const [low, high] = [Math.min(...starts), Math.max(...starts)];
  return total + starts.length / (high - low + 1) + 0.5 / (1 + low) + 1 / (1 + spoken.length / 8);
}
