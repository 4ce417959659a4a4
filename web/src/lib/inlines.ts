/** Words within a block: emphasis, code and links, by the rules of CommonMark 0.31 and GitHub's autolinks. */
import type { Inline } from './markdown';

type Mark = '*' | '_' | '~';
/** A run of marks that may begin or end something; what is left of it in the end is text. */
interface Run {
  type: 'run';
  mark: Mark;
  left: number;
  length: number;
  opens: boolean;
  closes: boolean;
}
/** What was escaped means nothing more, also not to whoever looks for names: it stays apart from its neighbours. */
type Literal = { type: 'literal'; text: string };
type Part = Inline | Run | Literal;

const ESCAPED = /[!-/:-@[-`{-~]/;
const SPACE = /^\s?$/u;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const BARE = /(?:https?:\/\/|www\.)[a-z0-9][^\s<]*/iy;
const MAIL = /[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]*[a-z0-9])+/iy;
const POINTED = /<((?:https?|mailto):[^\s<>]*|[a-z0-9._+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)>/iy;
const TARGET = /\(\s*(?:<([^<>\n]*)>|((?:\\.|[^\s\\()]|\((?:\\.|[^\s\\()])*\))*))(?:\s+(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))?\s*\)/y;
const STOPS = /[?!.,:;*_~'"[\](]+$/;
/** What an address that is not marked as one does not begin in. */
const WORD = /[\p{L}\p{N}]/u;

/** The address if it is one that may be followed from a message, else ''. */
export function safeHref(href: string): string {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

/** `linked`: inside of a link, where no other can begin. */
export function inlinesOf(text: string, linked = false): Inline[] {
  return new Reader(text, linked).read();
}

class Reader {
  #at = 0;
  #parts: Part[] = [];
  #words = '';
  /** For each bracket that opens, where its other one is. */
  #pairs = new Map<number, number>();

  constructor(
    private readonly text: string,
    private readonly linked: boolean,
  ) {}

  read(): Inline[] {
    this.#pairs = pairsIn(this.text);
    while (this.#at < this.text.length) {
      const mark = this.text[this.#at]!;
      const known =
        mark === '\n' ? this.#break()
        : mark === '\\' ? this.#escape()
        : mark === '`' ? this.#code()
        : mark === '*' || mark === '_' || mark === '~' ? this.#run(mark)
        : mark === '[' || mark === '!' ? this.#link(mark)
        : mark === '<' ? this.#pointed()
        : this.#bare();
      if (!known) this.#words += this.text[this.#at++];
    }
    this.#flush();
    return joined(paired(this.#parts));
  }

  #flush(): void {
    if (this.#words) this.#parts.push({ type: 'text', text: this.#words });
    this.#words = '';
  }

  #take(part: Part, to: number): true {
    this.#flush();
    this.#parts.push(part);
    this.#at = to;
    return true;
  }

  #break(): true {
    this.#words = this.#words.trimEnd();
    return this.#take({ type: 'break' }, this.#at + 1);
  }

  #escape(): boolean {
    const next = this.text[this.#at + 1] ?? '';
    if (next === '\n') this.#at += 1;
    else if (ESCAPED.test(next)) this.#take({ type: 'literal', text: next }, this.#at + 2);
    else return false;
    return true;
  }

  #code(): boolean {
    const end = codeEnd(this.text, this.#at);
    const ticks = runLength(this.text, this.#at);
    if (end < 0) {
      this.#words += '`'.repeat(ticks);
      this.#at += ticks;
      return true;
    }
    const inside = this.text.slice(this.#at + ticks, end - ticks).replaceAll('\n', ' ');
    const padded = /^ .* $/.test(inside) && inside.trim() !== '';
    return this.#take({ type: 'code', text: padded ? inside.slice(1, -1) : inside }, end);
  }

  #run(mark: Mark): boolean {
    const length = runLength(this.text, this.#at);
    const before = [...this.text.slice(Math.max(0, this.#at - 2), this.#at)].at(-1) ?? '';
    const after = String.fromCodePoint(this.text.codePointAt(this.#at + length) ?? 32);
    const edge = (one: string): boolean => SPACE.test(one) || PUNCTUATION.test(one);
    const left = !SPACE.test(after) && (!PUNCTUATION.test(after) || edge(before));
    const right = !SPACE.test(before) && (!PUNCTUATION.test(before) || edge(after));
    const within = mark === '_' && left && right;
    const opens = left && (!within || PUNCTUATION.test(before));
    const closes = right && (!within || PUNCTUATION.test(after));
    if (mark === '~' && length > 2) return this.#plain(length);
    return this.#take({ type: 'run', mark, left: length, length, opens, closes }, this.#at + length);
  }

  #plain(length: number): true {
    this.#words += this.text.slice(this.#at, this.#at + length);
    this.#at += length;
    return true;
  }

  #link(mark: '[' | '!'): boolean {
    const from = mark === '!' ? this.#at + 1 : this.#at;
    const close = this.text[from] === '[' ? this.#pairs.get(from) : undefined;
    if (close === undefined || (this.linked && mark === '[')) return false;
    TARGET.lastIndex = close + 1;
    const target = TARGET.exec(this.text);
    if (!target) return false;
    const address = (target[1] ?? target[2] ?? '').replace(/\\([!-/:-@[-`{-~])/g, '$1');
    // A picture would be fetched from somewhere else.
    const href = mark === '!' ? '' : safeHref(address);
    if (!href) return this.#plain(TARGET.lastIndex - this.#at);
    const children = inlinesOf(this.text.slice(from + 1, close), true);
    return this.#take({ type: 'link', href, children }, TARGET.lastIndex);
  }

  #pointed(): boolean {
    POINTED.lastIndex = this.#at;
    const [whole = '', inside = ''] = POINTED.exec(this.text) ?? [];
    return whole ? this.#address(inside, whole.length) : false;
  }

  #bare(): boolean {
    if (!/[a-z0-9]/i.test(this.text[this.#at]!) || WORD.test(this.text[this.#at - 1] ?? '')) return false;
    BARE.lastIndex = MAIL.lastIndex = this.#at;
    const [found = ''] = BARE.exec(this.text) ?? MAIL.exec(this.text) ?? [];
    const address = withoutEnd(found);
    return address ? this.#address(address, address.length) : false;
  }

  #address(shown: string, length: number): boolean {
    const scheme = /^(?:https?|mailto):/i.test(shown) ? '' : /^www\./i.test(shown) ? 'http://' : 'mailto:';
    const href = this.linked ? '' : safeHref(scheme + shown);
    if (!href) return this.#plain(length);
    return this.#take({ type: 'link', href, children: [{ type: 'text', text: shown }] }, this.#at + length);
  }
}

/** Stops that belong to the sentence, and a bracket that was opened before the address. */
function withoutEnd(address: string): string {
  let end = address.replace(STOPS, '');
  while (end.endsWith(')') && count(end, ')') > count(end, '(')) end = end.slice(0, -1).replace(STOPS, '');
  return end;
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;

function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end++;
  return end - at;
}

/** Where the code that begins at `at` is over; -1: it is none. */
function codeEnd(text: string, at: number): number {
  const ticks = runLength(text, at);
  for (let next = text.indexOf('`', at + ticks); next >= 0; ) {
    const length = runLength(text, next);
    if (length === ticks) return next + length;
    next = text.indexOf('`', next + length);
  }
  return -1;
}

function pairsIn(text: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let at = text.indexOf('['); at >= 0 && at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '`') at = Math.max(codeEnd(text, at), at + runLength(text, at)) - 1;
    else if (text[at] === '[') open.push(at);
    else if (text[at] === ']') {
      const begun = open.pop();
      if (begun !== undefined) pairs.set(begun, at);
    }
  }
  return pairs;
}

/** Each run that closes takes the nearest one before it that it fits; what lies between is theirs. */
function paired(parts: Part[]): Part[] {
  const done: Part[] = [];
  for (const part of parts) {
    done.push(part);
    if (part.type !== 'run' || !part.closes) continue;
    while (part.left) {
      const at = done.findLastIndex((each, i) => i < done.length - 1 && each.type === 'run' && fits(each, part));
      if (at < 0) break;
      const opener = done[at] as Run;
      const marks = part.mark === '~' ? part.left : Math.min(2, opener.left, part.left);
      opener.left -= marks;
      part.left -= marks;
      const children = joined(done.splice(at + 1, done.length - at - 2));
      const type = part.mark === '~' ? 'strike' : marks === 2 ? 'bold' : 'italic';
      done.splice(at + 1, 0, { type, children });
      if (!opener.left) done.splice(at, 1);
    }
  }
  return done;
}

function fits(opener: Run, closer: Run): boolean {
  if (opener.mark !== closer.mark || !opener.opens || !opener.left) return false;
  if (opener.mark === '~') return opener.left === closer.left;
  const odd = (opener.closes || closer.opens) && (opener.length + closer.length) % 3 === 0;
  return !odd || (opener.length % 3 === 0 && closer.length % 3 === 0);
}

/** What is left of runs becomes text, and text beside text one piece. */
function joined(parts: Part[]): Inline[] {
  const all: Inline[] = [];
  let open: { type: 'text'; text: string } | null = null;
  for (const part of parts) {
    if (part.type === 'literal') all.push({ type: 'text', text: part.text });
    else if (part.type !== 'run' && part.type !== 'text') all.push(part);
    const text = part.type === 'run' ? part.mark.repeat(part.left) : part.type === 'text' ? part.text : '';
    if (open && text) open.text += text;
    else if (text) all.push((open = { type: 'text', text }));
    else if (part.type !== 'run') open = null;
  }
  return all;
}
