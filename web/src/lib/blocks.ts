/** Paragraphs, quotes, lists and code, by the rules of CommonMark 0.31. Headings, rules, tables, HTML and indented
 * code stay what was typed: chat is not a document. */
import { inlinesOf } from './inlines';
import type { Block } from './markdown';

/** Nobody nests deeper on purpose; what does is meant to exhaust the stack of whoever reads it. */
export const MAX_DEPTH = 12;

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-+*]|(\d{1,9})[.)])( +|$)/;
const BLANK = /^\s*$/;

/** What begins no paragraph's next line. An empty item, or one that counts on, may be words. */
function begins(line: string, inside: boolean): boolean {
  if (FENCE.test(line) || QUOTE.test(line)) return true;
  const item = ITEM.exec(line);
  return !!item && (!inside || (item[0].length < line.length && (item[3] === undefined || Number(item[3]) === 1)));
}

/** Throws RangeError for what nests too deep. */
export function blocksOf(lines: string[], depth = 0): Block[] {
  if (depth > MAX_DEPTH) throw new RangeError('nests too deep');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const read = BLANK.test(line) ? skip : FENCE.test(line) ? fence : QUOTE.test(line) ? quote : ITEM.test(line) ? list : paragraph;
    const { block, next } = read(lines, at, depth);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

interface Read {
  block?: Block;
  next: number;
}

const skip = (_: string[], at: number): Read => ({ next: at + 1 });

function paragraph(lines: string[], at: number): Read {
  let next = at + 1;
  while (next < lines.length && !BLANK.test(lines[next]!) && !begins(lines[next]!, true)) next++;
  const text = lines.slice(at, next).map((line, n) => (n ? line.trimStart() : line));
  return { block: { type: 'paragraph', children: inlinesOf(text.join('\n').trimEnd()) }, next };
}

function fence(lines: string[], at: number): Read {
  const [opening = '', marks = ''] = FENCE.exec(lines[at]!) ?? [];
  const indent = opening.length - marks.length;
  const closing = new RegExp(`^ {0,3}${marks[0]}{${marks.length},}\\s*$`);
  let end = at + 1;
  while (end < lines.length && !closing.test(lines[end]!)) end++;
  const text = lines.slice(at + 1, end).map((line) => line.replace(new RegExp(`^ {0,${indent}}`), ''));
  // One that nobody closed ends where the words do.
  const code = end < lines.length ? text.join('\n') : text.join('\n').trimEnd();
  return { block: { type: 'code', text: code }, next: end + 1 };
}

function quote(lines: string[], at: number, depth: number): Read {
  const inside: string[] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next]!;
    if (QUOTE.test(line)) inside.push(line.replace(QUOTE, ''));
    // Whoever goes on writing without the mark still quotes.
    else if (BLANK.test(line) || begins(line, true) || !continues(inside)) break;
    else inside.push(line);
  }
  return { block: { type: 'quote', blocks: blocksOf(inside, depth + 1) }, next };
}

/** Whether a line without a mark would belong to a paragraph at the end of these. */
function continues(lines: string[]): boolean {
  const last = lines.at(-1) ?? '';
  const fences = lines.filter((line) => FENCE.test(line)).length;
  return !BLANK.test(last) && fences % 2 === 0 && !FENCE.test(last);
}

function list(lines: string[], at: number, depth: number): Read {
  const first = ITEM.exec(lines[at]!)!;
  const kind = first[2]!.at(-1)!;
  const items: Block[][] = [];
  let next = at;
  for (let item: RegExpExecArray | null = first; item && item[2]!.at(-1) === kind; ) {
    const { inside, end } = itemLines(lines, next, item);
    items.push(blocksOf(inside, depth + 1));
    next = end;
    let after = next;
    while (after < lines.length && BLANK.test(lines[after]!)) after++;
    item = after < lines.length ? ITEM.exec(lines[after]!) : null;
    if (item && item[2]!.at(-1) === kind) next = after;
  }
  const ordered = first[3] !== undefined;
  return { block: { type: 'list', ordered, start: ordered ? Number(first[3]) || 1 : 1, items }, next };
}

/** The lines of one item, without what they are indented by. */
function itemLines(lines: string[], at: number, item: RegExpExecArray): { inside: string[]; end: number } {
  const marked = item[1]!.length + item[2]!.length;
  const width = item[4]!.length > 4 || !item[4] ? marked + 1 : item[0].length;
  const inside = [lines[at]!.slice(width)];
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end]!;
    const indented = line.length - line.trimStart().length >= width;
    if (BLANK.test(line)) {
      const following = lines.slice(end).find((each) => !BLANK.test(each));
      if (!following || following.length - following.trimStart().length < width) break;
      inside.push('');
    } else if (indented) inside.push(line.slice(width));
    else if (begins(line, false) || !continues(inside)) break;
    else inside.push(line.trimStart());
  }
  return { inside, end };
}
