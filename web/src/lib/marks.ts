/** Marks of the Markdown that messages know, put around what is selected and taken away again. Pure: each gives the
 * one change that a text field is to make, so that the browser can undo it. */

/** Replace what stands from `from` to `to`, then select from `start` to `end` of the new text. */
export interface Change {
  from: number;
  to: number;
  text: string;
  start: number;
  end: number;
}

export interface Selected {
  text: string;
  start: number;
  end: number;
}

export type Inline = 'bold' | 'italic' | 'strike' | 'code';
export type Lines = 'quote' | 'bullets' | 'numbers';
export type Format = Inline | Lines | 'link';

const MARKS: Record<Inline, string> = { bold: '**', italic: '_', strike: '~~', code: '`' };
const PREFIX = /^(?:\s*(?:> ?)+)?\s*(?:(?:[-+*]|\d{1,9}[.)]) +)?/;
const LISTED = /^(\s*)(?:[-+*]|\d{1,9}[.)]) +/;
const QUOTED = /^ {0,3}> ?/;
const FENCE = /^ {0,3}(?:`{3,}|~{3,})/;
const WORD = /[\p{L}\p{N}_]/u;

export function apply(text: string, change: Change): string {
  return text.slice(0, change.from) + change.text + text.slice(change.to);
}

export function formatted(how: Format, selected: Selected): Change {
  if (how === 'link') return linked(selected, '');
  if (how === 'quote' || how === 'bullets' || how === 'numbers') return lined(how, selected);
  const { text, start, end } = selected;
  if (start === end) return opened(how, selected);
  const within = text.slice(start, end);
  if (how === 'code' && within.includes('\n')) return fenced(selected);
  return within.includes('\n') ? eachLine(how, selected) : around(how, selected);
}

/** Nothing is selected: an empty pair to write in, or the way out of one. */
function opened(how: Inline, { text, start }: Selected): Change {
  const mark = MARKS[how];
  const behind = text.slice(start).startsWith(mark);
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  if (behind && line.endsWith(mark)) {
    return { from: start - mark.length, to: start + mark.length, text: '', start: start - mark.length, end: start - mark.length };
  }
  if (behind && line.includes(mark)) {
    const out = start + mark.length;
    return { from: out, to: out, text: '', start: out, end: out };
  }
  return { from: start, to: start, text: mark + mark, start: start + mark.length, end: start + mark.length };
}

function around(how: Inline, { text, start, end }: Selected): Change {
  // A mark has to hug its words, or it is none.
  const within = text.slice(start, end);
  const from = start + (within.length - within.trimStart().length);
  const words = within.trim();
  const to = from + words.length;
  if (!words) return { from: start, to: end, text: within, start, end };
  const inner = unmarked(how, words);
  if (inner !== null) return { from, to, text: inner, start: from, end: from + inner.length };
  const mark = markAround(how, text, from, to);
  if (mark) return { from: from - mark, to: to + mark, text: words, start: from - mark, end: to - mark };
  const [before, after] = markFor(how, words, text[from - 1] ?? '', text[to] ?? '');
  return { from, to, text: before + words + after, start: from + before.length, end: to + before.length };
}

/** Without its own marks; null where there are none. */
function unmarked(how: Inline, words: string): string | null {
  const opens = lead(how, words);
  const length = Math.min(opens, lead(how, [...words].reverse().join('')));
  if (!length || words.length <= 2 * length) return null;
  const inner = words.slice(length, -length);
  // `**a** and **b**` is not one that is bold as a whole.
  return inner.includes(words.slice(0, length)) ? null : inner;
}

/** How many letters at the beginning are this mark. */
function lead(how: Inline, words: string): number {
  const run = (mark: string): number => words.length - words.replace(new RegExp(`^\\${mark}+`), '').length;
  if (how === 'italic') return run('_') % 2 === 1 || run('*') % 2 === 1 ? 1 : 0;
  if (how === 'code') return run('`');
  return run(how === 'bold' ? '*' : '~') >= 2 ? 2 : 0;
}

/** How long the mark is that stands on both sides of what is selected. */
function markAround(how: Inline, text: string, from: number, to: number): number {
  const before = lead(how, [...text.slice(Math.max(0, from - 8), from)].reverse().join(''));
  return before && before === lead(how, text.slice(to, to + 8)) ? before : 0;
}

function markFor(how: Inline, words: string, before: string, after: string): [string, string] {
  if (how === 'code') {
    const longest = Math.max(0, ...[...words.matchAll(/`+/g)].map(([run]) => run.length));
    const ticks = '`'.repeat(longest + 1);
    return longest ? [`${ticks} `, ` ${ticks}`] : [ticks, ticks];
  }
  // An underscore within a word is a letter.
  const mark = how === 'italic' && (WORD.test(before) || WORD.test(after)) ? '*' : MARKS[how];
  return [mark, mark];
}

function eachLine(how: Inline, { text, start, end }: Selected): Change {
  const lines = text.slice(start, end).split('\n').map((line) => {
    const [prefix = ''] = PREFIX.exec(line) ?? [];
    return { prefix, words: line.slice(prefix.length) };
  });
  const all = lines.every(({ words }) => !words.trim() || unmarked(how, words.trim()) !== null);
  const changed = lines.map(({ prefix, words }) => {
    const trimmed = words.trim();
    if (!trimmed) return prefix + words;
    const [before, after] = markFor(how, trimmed, '', '');
    const marked = unmarked(how, trimmed) ?? trimmed;
    return prefix + words.replace(trimmed, () => (all ? marked : before + marked + after));
  });
  const result = changed.join('\n');
  return { from: start, to: end, text: result, start, end: start + result.length };
}

/** Without the empty lines at its end. No expression finds those in a time that grows with the text alone. */
export function unbroken(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= 1;
  return text.slice(0, end);
}

/** Whole lines of code stand between fences that nothing in them can close. */
export function fence(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/^ {0,3}(`+)/gm)].map(([, run = '']) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}\n${code}\n${marks}`;
}

function fenced({ text, start, end }: Selected): Change {
  const within = unbroken(text.slice(start, end).replace(/^\n+/, ''));
  const [first = '', ...rest] = within.split('\n');
  const last = rest.at(-1) ?? '';
  if (FENCE.test(first) && FENCE.test(last)) {
    const inner = rest.slice(0, -1).join('\n');
    return { from: start, to: end, text: inner, start, end: start + inner.length };
  }
  const before = start > 0 && text[start - 1] !== '\n' ? '\n' : '';
  const after = end < text.length && text[end] !== '\n' ? '\n' : '';
  const block = fence(within);
  return { from: start, to: end, text: before + block + after, start: start + before.length, end: start + before.length + block.length };
}

/** The lines that are touched get what makes them a list or a quote, or lose it if all of them have it. */
function lined(how: Lines, { text, start, end }: Selected): Change {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const found = text.indexOf('\n', end > start && text[end - 1] === '\n' ? end - 1 : end);
  const to = found < 0 ? text.length : found;
  const lines = text.slice(from, to).split('\n');
  const mark = how === 'quote' ? QUOTED : how === 'bullets' ? /^(\s*)[-+*] +/ : /^(\s*)\d{1,9}[.)] +/;
  const some = lines.some((line) => line.trim());
  const all = some && lines.every((line) => !line.trim() || mark.test(line));
  let count = 0;
  const changed = lines.map((line) => {
    if (some && !line.trim()) return how === 'quote' && !all ? '>' : line;
    if (all) return line.replace(mark, how === 'quote' ? '' : '$1');
    if (how === 'quote') return `> ${line}`;
    const bare = line.replace(LISTED, '$1');
    const indent = bare.length - bare.trimStart().length;
    count += 1;
    return `${bare.slice(0, indent)}${how === 'bullets' ? '-' : `${count}.`} ${bare.slice(indent)}`;
  });
  const result = changed.join('\n');
  const grown = from + result.length;
  if (start !== end) return { from, to, text: result, start: from, end: grown };
  const caret = Math.max(from, start + result.length - (to - from));
  return { from, to, text: result, start: caret, end: caret };
}

/** The selected words lead somewhere; without an address the caret stands where it belongs. */
export function linked({ text, start, end }: Selected, address: string): Change {
  const words = text.slice(start, end).trim();
  const from = start + (text.slice(start, end).length - text.slice(start, end).trimStart().length);
  const to = from + words.length;
  const known = /^\[((?:[^[\]\\]|\\.)*)\]\(([^()\s]*)\)$/.exec(words);
  if (known && !address) return { from, to, text: known[1]!, start: from, end: from + known[1]!.length };
  if (isAddress(words) && !address) {
    return { from, to, text: `[](${words})`, start: from + 1, end: from + 1 };
  }
  const shown = words.replace(/[[\]]/g, '\\$&').replaceAll('\n', ' ');
  const target = /[()\s]/.test(address) ? `<${address}>` : address;
  const whole = `[${shown}](${target})`;
  const caret = address ? from + whole.length : words ? from + whole.length - 1 : from + 1;
  return { from, to, text: whole, start: caret, end: caret };
}

export function isAddress(text: string): boolean {
  return /^(?:https?:\/\/|mailto:)[^\s<>]+$/i.test(text) && URL.canParse(text);
}

/** A new line within a list or a quote goes on with it; in an empty item it ends there. */
export function continued(text: string, caret: number): Change | null {
  const from = text.lastIndexOf('\n', caret - 1) + 1;
  const line = text.slice(from, caret);
  const found = /^((?: {0,3}> ?)*)(\s*)(?:([-+*])|(\d{1,9})([.)]))?( *)/.exec(line)!;
  const [whole, quote = '', indent = '', bullet, number, dot, space = ''] = found;
  const listed = (bullet ?? number) !== undefined && space !== '';
  if ((!listed && !quote) || inCode(text, caret)) return null;
  const end = text.indexOf('\n', caret);
  const rest = text.slice(caret, end < 0 ? text.length : end);
  if (listed ? line === whole && !rest.trim() : line.trimEnd() === quote.trimEnd() && !rest.trim()) {
    // The item is left for the quote around it, the quote for the page.
    const left = listed ? quote : '';
    return { from, to: caret, text: left, start: from + left.length, end: from + left.length };
  }
  const next = !listed ? '' : bullet ? `${bullet}${space}` : `${Number(number) + 1}${dot}${space}`;
  const added = `\n${quote}${listed ? indent + next : ''}`;
  return { from: caret, to: caret, text: added, start: caret + added.length, end: caret + added.length };
}

/** Whether somebody who writes at `caret` writes code. */
export function inCode(text: string, caret: number): boolean {
  const lines = text.slice(0, caret).split('\n');
  const line = lines.pop()!;
  let open = '';
  for (const each of lines) {
    const [, marks = ''] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(each) ?? [];
    if (!open) open = marks;
    else if (new RegExp(`^ {0,3}${open[0]}{${open.length},}\\s*$`).test(each)) open = '';
  }
  if (open) return true;
  let ticks = 0;
  for (const [run] of line.matchAll(/`+/g)) {
    if (!ticks) ticks = run.length;
    else if (ticks === run.length) ticks = 0;
  }
  return ticks > 0;
}
