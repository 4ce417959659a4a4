/** The Markdown subset of messages as a tree of our own, so that nothing a person writes becomes HTML. */
import { Lexer, Tokenizer, type MarkedOptions, type Token, type Tokens } from 'marked';

export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'break' }
  | { type: 'bold'; children: Inline[] }
  | { type: 'italic'; children: Inline[] }
  | { type: 'strike'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] }
  /** Somebody who is named; '' means everybody. Never comes out of the text alone, see mentions.ts. */
  | { type: 'mention'; person: string; label: string; me: boolean };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'quote'; blocks: Block[] }
  | { type: 'list'; ordered: boolean; start: number; items: Block[][] };

const leaveAsText = (): undefined => undefined;

/** Headings, rules, tables, HTML and indented code stay what was typed: chat is not a document. */
const tokenizer = Object.assign(new Tokenizer(), {
  heading: leaveAsText,
  lheading: leaveAsText,
  hr: leaveAsText,
  table: leaveAsText,
  html: leaveAsText,
  tag: leaveAsText,
  def: leaveAsText,
  reflink: leaveAsText,
  code: leaveAsText,
});

const OPTIONS: MarkedOptions = { gfm: true, breaks: true, tokenizer: tokenizer as Tokenizer };

/** Most messages hold none of these; they skip the lexer. */
const MARKUP = /[*_~`<>[\\@]|^\s*(?:[-+]|\d{1,9}[.)])\s|https?:|www\./im;

/** Nobody nests deeper on purpose; what does is meant to exhaust the stack of whoever reads it. */
const MAX_DEPTH = 12;

export function parseMarkdown(source: string): Block[] {
  const plain: Block[] = [{ type: 'paragraph', children: linesOf(source) }];
  if (!MARKUP.test(source)) return plain;
  try {
    const blocks = new Lexer(OPTIONS).lex(source.replace(/\n{3,}/g, '\n\n')).flatMap(blockOf);
    return blocks.length && depthOf(blocks) <= MAX_DEPTH ? blocks : plain;
  } catch {
    return plain;
  }
}

function depthOf(all: readonly (Block | Inline)[]): number {
  let deepest = 0;
  for (const each of all) {
    const inner =
      'children' in each ? each.children : 'blocks' in each ? each.blocks : 'items' in each ? each.items.flat() : [];
    if (inner.length) deepest = Math.max(deepest, depthOf(inner));
  }
  return deepest + 1;
}

/** One line without marks, for previews and quotes. */
export function plainText(source: string): string {
  return oneLine(parseMarkdown(source));
}

export function oneLine(blocks: readonly Block[]): string {
  return blocks.map(flatBlock).join(' ').replace(/\s+/g, ' ').trim();
}

/** The tree with words outside of code and links replaced; `how` returns null for what stays. */
export function mapInlines(blocks: readonly Block[], how: (text: string) => Inline[] | null): Block[] {
  const inlines = (all: Inline[]): Inline[] =>
    all.flatMap((each): Inline[] => {
      if (each.type === 'text') return how(each.text) ?? [each];
      return 'children' in each && each.type !== 'link' ? [{ ...each, children: inlines(each.children) }] : [each];
    });
  return blocks.map((block): Block => {
    switch (block.type) {
      case 'paragraph':
        return { ...block, children: inlines(block.children) };
      case 'quote':
        return { ...block, blocks: mapInlines(block.blocks, how) };
      case 'list':
        return { ...block, items: block.items.map((item) => mapInlines(item, how)) };
      default:
        return block;
    }
  });
}

function linesOf(text: string): Inline[] {
  return text
    .split('\n')
    .flatMap((line, at): Inline[] =>
      at ? [{ type: 'break' }, { type: 'text', text: line }] : [{ type: 'text', text: line }],
    );
}

function blockOf(token: Token): Block[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'code':
      return [{ type: 'code', text: (token as Tokens.Code).text }];
    case 'blockquote':
      return [{ type: 'quote', blocks: (token as Tokens.Blockquote).tokens.flatMap(blockOf) }];
    case 'list': {
      const list = token as Tokens.List;
      const items = list.items.map((item) => itemOf(item));
      return [{ type: 'list', ordered: list.ordered, start: Number(list.start) || 1, items }];
    }
    default:
      return [{ type: 'paragraph', children: inlinesOf(token) }];
  }
}

/** The lexer takes `[ ]` of a task list out of the text; chat has no task lists, so it is put back. */
function itemOf(item: Tokens.ListItem): Block[] {
  const blocks = item.tokens.filter((token) => token.type !== 'checkbox').flatMap(blockOf);
  const [first, ...rest] = blocks;
  if (!item.task || first?.type !== 'paragraph') return blocks;
  const box: Inline = { type: 'text', text: item.checked ? '[x] ' : '[ ] ' };
  return [{ ...first, children: [box, ...first.children] }, ...rest];
}

function inlinesOf(token: Token): Inline[] {
  const inner = (token as Tokens.Generic).tokens;
  if (inner) return inner.flatMap(inlineOf);
  return linesOf((token as Tokens.Generic).text ?? token.raw);
}

function inlineOf(token: Token): Inline[] {
  switch (token.type) {
    case 'strong':
      return [{ type: 'bold', children: inlinesOf(token) }];
    case 'em':
      return [{ type: 'italic', children: inlinesOf(token) }];
    case 'del':
      return [{ type: 'strike', children: inlinesOf(token) }];
    case 'codespan':
      return [{ type: 'code', text: (token as Tokens.Codespan).text }];
    case 'br':
      return [{ type: 'break' }];
    case 'link':
      return linkOf(token as Tokens.Link);
    case 'escape':
      return [{ type: 'text', text: (token as Tokens.Escape).text }];
    case 'text':
      return inlinesOf(token);
    default:
      return linesOf(token.raw);
  }
}

function linkOf(link: Tokens.Link): Inline[] {
  const href = safeHref(link.href);
  return href ? [{ type: 'link', href, children: inlinesOf(link) }] : linesOf(link.raw);
}

/** The address if it is one that may be followed from a message, else ''. */
export function safeHref(href: string): string {
  try {
    const url = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

function flatBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return block.children.map(flatInline).join('');
    case 'code':
      return block.text;
    case 'quote':
      return block.blocks.map(flatBlock).join(' ');
    case 'list':
      return block.items.map((item) => item.map(flatBlock).join(' ')).join(', ');
  }
}

function flatInline(inline: Inline): string {
  if (inline.type === 'break') return ' ';
  if (inline.type === 'mention') return `@${inline.label}`;
  return 'children' in inline ? inline.children.map(flatInline).join('') : inline.text;
}
