/** The Markdown subset of messages as a tree of our own, so that nothing a person writes becomes HTML. */
import { blocksOf, MAX_DEPTH } from './blocks';

export { safeHref } from './inlines';

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

/** Most messages hold none of these; they are not read any closer. */
const MARKUP = /[*_~`<>[\\@]|^\s*(?:[-+]|\d{1,9}[.)])\s|https?:|www\./im;

export function parseMarkdown(source: string): Block[] {
  const plain: Block[] = [{ type: 'paragraph', children: linesOf(source) }];
  if (!MARKUP.test(source)) return plain;
  try {
    const blocks = blocksOf(source.replace(/\r\n?/g, '\n').split('\n'));
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
