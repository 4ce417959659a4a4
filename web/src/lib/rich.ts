/** Rich text of a clipboard as the Markdown that messages know. */
import { isSilent, readHtml, type Element, type Node } from './html';
import { inlinesOf, safeHref } from './inlines';
import { fence, unbroken } from './marks';

/** More than anybody pastes into a chat, in characters of HTML. */
const LONGEST = 300_000;
const TITLE = /^h[1-6]$/;
const BLOCK = /^(?:address|article|aside|body|dd|details|dl|dt|figcaption|figure|footer|form|header|html|main|nav|section|summary|center|div)$/;
const MONO = /font-family:[^;]*(?:mono|consolas|menlo|courier)/i;

interface Style {
  bold: boolean;
  italic: boolean;
  strike: boolean;
  code: boolean;
  href: string;
}

interface Run extends Style {
  text: string;
}

const PLAIN: Style = { bold: false, italic: false, strike: false, code: false, href: '' };

/** null: there is nothing in it that plain text could not say, or far too much. */
export function markdownOf(html: string): string | null {
  if (html.length > LONGEST) return null;
  const writer = new Writer();
  writer.write(readHtml(html));
  const { text } = writer;
  return writer.rich ? text : null;
}

/** Whether all of it is one piece of code, as editors put it into the clipboard. */
export function isCode(html: string): boolean {
  if (html.length > LONGEST) return false;
  let only: Node | undefined = readHtml(html);
  for (;;) {
    if (typeof only !== 'object') return false;
    if (only.tag === 'pre' || isEditor(only)) return true;
    const inside: Node[] = only.children.filter((each) => (typeof each === 'string' ? each.trim() : !isSilent(each) && each.tag !== 'meta'));
    if (inside.length !== 1) return false;
    only = inside[0];
  }
}

function isEditor({ style }: Element): boolean {
  return MONO.test(style) && /white-space:\s*pre/i.test(style);
}

class Writer {
  rich = false;
  #blocks: { text: string; near: boolean }[] = [];
  #runs: Run[] = [];

  get text(): string {
    this.#end();
    return this.#blocks.map(({ text, near }, at) => (at ? (near ? '\n' : '\n\n') + text : text)).join('');
  }

  write({ children }: Element, style: Style = PLAIN): void {
    for (const child of children) this.#node(child, style);
  }

  #node(node: Node, style: Style): void {
    if (typeof node === 'string') return void this.#runs.push({ ...style, text: node.replace(/[^\S\u00a0]+/g, ' ') });
    if (isSilent(node)) return;
    const { tag } = node;
    if (tag === 'br') this.#runs.push({ ...style, text: '\n' });
    else if (tag === 'img') this.#runs.push({ ...style, text: node.alt });
    else if (tag === 'pre' || isEditor(node)) this.#code(node);
    else if (tag === 'ul' || tag === 'ol' || tag === 'menu') this.#list(node, style);
    else if (tag === 'blockquote') this.#within(node, style, (line) => (line ? `> ${line}` : '>'));
    else if (tag === 'table') this.#table(node, style);
    else if (tag === 'hr') this.#end();
    else if (/mso-list:\s*l\d/i.test(node.style)) this.#item(node, style);
    else if (tag === 'p' || TITLE.test(tag)) this.#paragraph(node, TITLE.test(tag) ? { ...style, bold: true } : styled(node, style));
    else if (BLOCK.test(tag) || tag === 'li') this.#division(node, styled(node, style));
    else this.write(node, styled(node, style));
  }

  #paragraph(node: Element, style: Style): void {
    this.#end();
    this.write(node, style);
    this.#end();
  }

  /** Divisions stand close, like lines. */
  #division(node: Element, style: Style): void {
    this.#end(true);
    this.write(node, style);
    this.#end(true);
  }

  #item(node: Element, style: Style): void {
    const inner = this.#inner(node, style);
    const deep = Number(/level(\d)/i.exec(node.style)?.[1] ?? 1) - 1;
    if (inner) this.#add(`${'  '.repeat(deep)}- ${inner}`, this.#blocks.at(-1)?.text.trimStart().startsWith('- ') ?? false);
    this.rich = true;
  }

  #list(node: Element, style: Style): void {
    this.#end(true);
    const lines: string[] = [];
    let count = 0;
    for (const child of node.children) {
      if (typeof child === 'string' && !child.trim()) continue;
      const item = typeof child === 'object' && child.tag === 'li';
      const mark = !item ? '  ' : node.tag === 'ol' ? `${(count += 1)}. ` : '- ';
      const inner = this.#inner(item ? child : { ...node, tag: 'div', children: [child] }, style).replaceAll('\n\n', '\n');
      if (inner) lines.push(mark + inner.replaceAll('\n', `\n${' '.repeat(mark.length)}`));
    }
    if (lines.length) this.#add(lines.join('\n'), this.#inside > 0);
    this.rich = true;
  }

  #inside = 0;

  #inner(node: Element, style: Style): string {
    this.#end(true);
    const inner = new Writer();
    inner.#inside = this.#inside + 1;
    inner.write(node, style);
    const { text } = inner;
    this.rich ||= inner.rich;
    return text;
  }

  #within(node: Element, style: Style, how: (line: string) => string): void {
    const inner = this.#inner(node, style);
    if (inner) this.#add(inner.split('\n').map(how).join('\n'));
    this.rich = true;
  }

  #table(node: Element, style: Style): void {
    const rows: string[] = [];
    const look = (at: Element): void => {
      for (const child of at.children) {
        if (typeof child === 'string') continue;
        if (child.tag !== 'tr') look(child);
        else {
          const cells = child.children.filter((cell): cell is Element => typeof cell !== 'string');
          rows.push(cells.map((cell) => this.#inner(cell, cell.tag === 'th' ? { ...style, bold: true } : style).split('\n').map((line) => line.trim()).filter(Boolean).join(' ')).join(' | '));
        }
      }
    };
    look(node);
    if (rows.length) this.#add(rows.join('\n'));
    this.rich ||= rows.length > 0;
  }

  #code(node: Element): void {
    this.#end();
    const text = unbroken(words(node).replace(/^\n/, '')).replaceAll('\u00a0', ' ');
    if (text.trim()) this.#add(fence(text));
    this.rich = true;
  }

  #add(text: string, near = false): void {
    this.#blocks.push({ text, near });
  }

  #near = false;

  /** What was said so far is one block. */
  #end(near = false): void {
    const runs = tidied(this.#runs);
    this.#runs = [];
    if (runs.length) {
      this.rich ||= runs.some((run) => run.bold || run.italic || run.strike || run.code || (run.href && run.href !== safeHref(run.text)));
      this.#add(guarded(marked(runs, 0)), this.#near && near);
    }
    this.#near = near;
  }
}

function styled({ tag, style, href }: Element, outer: Style): Style {
  const weight = /font-weight:\s*(\w+)/i.exec(style)?.[1]?.toLowerCase();
  const heavy = weight === 'bold' || weight === 'bolder' || Number(weight) >= 600;
  const line = /text-decoration(?:-line)?:\s*([^;]+)/i.exec(style)?.[1] ?? '';
  return {
    // Google's documents wrap everything into a `b` that is none.
    bold: weight ? heavy : outer.bold || tag === 'b' || tag === 'strong',
    italic: /font-style:\s*normal/i.test(style) ? false : outer.italic || tag === 'i' || tag === 'em' || /font-style:\s*italic/i.test(style),
    strike: outer.strike || tag === 's' || tag === 'strike' || tag === 'del' || line.includes('line-through'),
    code: outer.code || tag === 'code' || tag === 'kbd' || tag === 'samp' || tag === 'tt',
    href: (tag === 'a' && safeHref(href)) || outer.href,
  };
}

/** Each line of an editor is a `div` of its own. */
function words(node: Node): string {
  if (typeof node === 'string') return node;
  if (isSilent(node)) return '';
  if (node.tag === 'br') return '\n';
  return node.children.map((child, at) => (typeof child === 'object' && child.tag === 'div' && at ? `\n${words(child)}` : words(child))).join('');
}

/** Spaces as a browser shows them: one at a time, none at the ends of a line. */
function tidied(runs: readonly Run[]): Run[] {
  const all: Run[] = [];
  let before = '\n';
  for (const run of runs) {
    let text = run.text.replaceAll('\u00a0', ' ').replace(/ +/g, ' ').replace(/ *\n */g, '\n');
    if (/[ \n]/.test(before)) text = text.replace(/^ +/, '');
    if (text.startsWith('\n')) trimEnd(all);
    if (!text) continue;
    before = text.at(-1)!;
    all.push({ ...run, text });
  }
  trimEnd(all);
  while (all.length && !all[0]!.text.trim()) all.shift();
  return all;
}

function trimEnd(runs: Run[]): void {
  for (let last = runs.at(-1); last; last = runs.at(-1)) {
    last.text = last.text.trimEnd();
    if (last.text) return;
    runs.pop();
  }
}

const ORDER = ['href', 'bold', 'italic', 'strike', 'code'] as const;

/** Neighbours that share a mark share one pair of it. */
function marked(runs: readonly Run[], level: number): string {
  const key = ORDER[level];
  if (!key) return runs.map((run) => (run.code ? run.text : escaped(run.text))).join('');
  const groups: Run[][] = [];
  for (const run of runs) {
    const last = groups.at(-1);
    if (last && last[0]![key] === run[key]) last.push(run);
    else groups.push([run]);
  }
  const all = groups.map((group) => ({ value: group[0]![key], text: marked(group, level + 1), plain: group.map((run) => run.text).join('') }));
  return all.map(({ value, text, plain }, at) => (value ? put(key, String(value), text, plain, all[at - 1]?.plain ?? '', all[at + 1]?.plain ?? '') : text)).join('');
}

function put(key: (typeof ORDER)[number], value: string, text: string, plain: string, before: string, after: string): string {
  if (!text.trim()) return text;
  // Marks do not reach over lines: each has its own.
  if (text.includes('\n')) return text.split('\n').map((line) => put(key, value, line, plain, '', '')).join('\n');
  const [, head = '', inner = '', tail = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text)!;
  if (key === 'href') return head + (safeHref(inner) === value ? inner : `[${inner}](${/[()\s]/.test(value) ? `<${value}>` : value})`) + tail;
  if (key === 'code') return head + coded(inner) + tail;
  const touches = (!head && /[\p{L}\p{N}_]$/u.test(before)) || (!tail && /^[\p{L}\p{N}_]/u.test(after));
  const mark = { bold: '**', strike: '~~', italic: touches || plain.includes('_') ? '*' : '_' }[key];
  return head + mark + inner + mark + tail;
}

function coded(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return longest ? `${'`'.repeat(longest + 1)} ${text} ${'`'.repeat(longest + 1)}` : `\`${text}\``;
}

/** Signs that would be read as marks lose that meaning; most texts have none, and are left as they are. */
function escaped(text: string): string {
  if (!/[*_~`[\\<]/.test(text)) return text;
  const known = inlinesOf(text);
  const same = known.every((each) => each.type === 'text' || each.type === 'break' || (each.type === 'link' && text.includes(each.href)));
  return same && !/[*_~`[\\]$|^[*_~`]/.test(text) ? text : text.replace(/[*_~`[\]\\<]/g, '\\$&');
}

/** Words at the beginning of a line that would make it a list, a quote or code. */
function guarded(text: string): string {
  return text.replace(/^([^\S\n]*)([-+>](?=\s)|\d{1,9}(?=[.)]\s)|~{3,})/gm, (_, space: string, mark: string) => (/\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`));
}
