import { describe, expect, it } from 'vitest';
import { parseMarkdown, plainText, safeHref, type Block, type Inline } from './markdown';

const only = (source: string): Block => {
  const [block, ...rest] = parseMarkdown(source);
  expect(rest).toEqual([]);
  if (!block) throw new Error('nothing was parsed');
  return block;
};

/** What is easier to read in a test. */
function html(block: Block): string {
  const line = (all: Inline[]): string => all.map(one).join('');
  const one = (each: Inline): string => {
    switch (each.type) {
      case 'text':
        return each.text;
      case 'break':
        return '<br>';
      case 'code':
        return `<c>${each.text}</c>`;
      case 'link':
        return `<a ${each.href}>${line(each.children)}</a>`;
      case 'mention':
        return `@${each.label}`;
      default:
        return `<${each.type[0]}>${line(each.children)}</${each.type[0]}>`;
    }
  };
  return block.type === 'paragraph' ? line(block.children) : block.type;
}

describe('the Markdown subset', () => {
  it('keeps plain text as one paragraph with its line breaks', () => {
    expect(only('one\ntwo')).toEqual({
      type: 'paragraph',
      children: [{ type: 'text', text: 'one' }, { type: 'break' }, { type: 'text', text: 'two' }],
    });
  });

  it('knows bold, italic, strike and code', () => {
    expect(only('**b** _i_ ~~s~~ `c`')).toEqual({
      type: 'paragraph',
      children: [
        { type: 'bold', children: [{ type: 'text', text: 'b' }] },
        { type: 'text', text: ' ' },
        { type: 'italic', children: [{ type: 'text', text: 'i' }] },
        { type: 'text', text: ' ' },
        { type: 'strike', children: [{ type: 'text', text: 's' }] },
        { type: 'text', text: ' ' },
        { type: 'code', text: 'c' },
      ],
    });
  });

  it('knows quotes, lists and code blocks', () => {
    expect(parseMarkdown('> q\n\n2. a\n3. b\n\n```\nx  y\n```').map((block) => block.type)).toEqual([
      'quote',
      'list',
      'code',
    ]);
    expect(only('2. a\n3. b')).toMatchObject({ ordered: true, start: 2 });
  });

  it('shows what people type in HTML as they typed it', () => {
    const source = '<img src=x onerror=alert(1)> **and** <script>alert(1)</script>';
    expect(plainText(source)).toBe('<img src=x onerror=alert(1)> and <script>alert(1)</script>');
    expect(JSON.stringify(parseMarkdown(source))).not.toContain('"html"');
  });

  it.each(['# heading', '---', '| a | b |', '    indented', '![alt](https://example.org/x.png)', '[a]: https://b.c'])(
    'leaves %j as text',
    (source) => {
      expect(plainText(source)).toBe(source.trim());
    },
  );

  it('gives the boxes of a task list back', () => {
    expect(plainText('- [ ] one\n- [x] two')).toBe('[ ] one, [x] two');
  });

  it('puts emphasis into emphasis, and leaves marks alone that begin nothing', () => {
    const shown = (source: string): string => html(only(source));
    expect(shown('***both***')).toBe('<i><b>both</b></i>');
    expect(shown('**bold *and italic***')).toBe('<b>bold <i>and italic</i></b>');
    expect(shown('*one **two***')).toBe('<i>one <b>two</b></i>');
    expect(shown('~~gone **for good**~~')).toBe('<s>gone <b>for good</b></s>');
    expect(shown('un*frigging*believable, snake_case_name, 2 * 3 * 4, __init__')).toBe(
      'un<i>frigging</i>believable, snake_case_name, 2 * 3 * 4, <b>init</b>',
    );
    expect(shown('*"quoted"*, **(in brackets)**.')).toBe('<i>"quoted"</i>, <b>(in brackets)</b>.');
    expect(shown('a * b *, **open, ~~~three~~~')).toBe('a * b *, **open, ~~~three~~~');
  });

  it('shows code as it is, with as many marks as it needs', () => {
    const shown = (source: string): string => html(only(source));
    expect(shown('`**no** \\ [x](https://e.org)`')).toBe('<c>**no** \\ [x](https://e.org)</c>');
    expect(shown('`` a ` b `` and `open')).toBe('<c>a ` b</c> and `open');
    expect(only('````\n```\ninside\n```\n````')).toEqual({ type: 'code', text: '```\ninside\n```' });
    expect(only('```js\nlet x = 1\n\n  y\n```')).toEqual({ type: 'code', text: 'let x = 1\n\n  y' });
    expect(only('~~~\nnot closed\n\n')).toEqual({ type: 'code', text: 'not closed' });
  });

  it('takes what is escaped as it stands', () => {
    expect(html(only('\\*not\\* \\[x\\](https://e.org) \\a'))).toBe('*not* [x](<a https://e.org/>https://e.org</a>) \\a');
  });

  it('puts lists into lists, and keeps the lines of an item together', () => {
    const list = only('- one\n  - inner\n    more\n- two\nlazy\n\n  second paragraph');
    expect(list).toMatchObject({ type: 'list', ordered: false });
    if (list.type !== 'list') throw new Error('no list');
    expect(list.items.map((item) => item.map((block) => block.type))).toEqual([
      ['paragraph', 'list'],
      ['paragraph', 'paragraph'],
    ]);
  });

  it('lets numbers stand in a sentence', () => {
    expect(html(only('In\n1984. A book'))).toBe('In<br>1984. A book');
    expect(parseMarkdown('First\n1. this').map((block) => block.type)).toEqual(['paragraph', 'list']);
  });

  it('ends a quote where somebody writes on below it', () => {
    const [quote, answer] = parseMarkdown('> said\nlazily on\n> > before\n\nmine');
    expect(quote).toMatchObject({ type: 'quote', blocks: [{ type: 'paragraph' }, { type: 'quote' }] });
    expect(answer).toMatchObject({ type: 'paragraph' });
  });

  it('is done in a blink, whatever somebody sends', () => {
    // What grows with the square of the length would outlast the test.
    const pieces = ['*a ', '_a ', '**a*', '[a](', '<a@', '`a', '~~a ', 'www.', '(((', '- a\n ', '> - 1. ', '\\[`', 'a@b.', 'https://(('];
    for (const piece of pieces) expect(parseMarkdown(piece.repeat(8192 / piece.length)).length).toBeGreaterThan(0);
  });

  it('shows as text what nests too deep', () => {
    for (const nasty of [
      '*'.repeat(4000),
      '['.repeat(4000),
      '> '.repeat(2000),
      '`'.repeat(4001),
      '_a'.repeat(2000),
      '1. '.repeat(2500),
    ]) {
      expect(parseMarkdown(nasty).length).toBeGreaterThan(0);
    }
  });
});

describe('links', () => {
  it('follows only the web and mail', () => {
    expect(safeHref('https://example.org/a?b=1')).toBe('https://example.org/a?b=1');
    expect(safeHref('mailto:ada@example.org')).toBe('mailto:ada@example.org');
    for (const bad of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      ' data:text/html,x',
      'vbscript:x',
      '/local',
      'file:///etc',
    ]) {
      expect(safeHref(bad)).toBe('');
    }
  });

  it('shows a link that may not be followed as it was typed', () => {
    expect(only('[x](javascript:alert(1))')).toEqual({
      type: 'paragraph',
      children: [{ type: 'text', text: '[x](javascript:alert(1))' }],
    });
  });

  it('knows addresses in a sentence, and where they end', () => {
    const link = (shown: string, href = shown): string => `<a ${href}>${shown}</a>`;
    const shown = (source: string): string => html(only(source));
    expect(shown('see https://e.org/a_b_c, or (https://e.org/x(y)).')).toBe(
      `see ${link('https://e.org/a_b_c')}, or (${link('https://e.org/x(y)')}).`,
    );
    expect(shown('**https://e.org/** and www.e.org!')).toBe(
      `<b>${link('https://e.org/')}</b> and ${link('www.e.org', 'http://www.e.org/')}!`,
    );
    expect(shown('write to ada@e.org. Or <https://e.org/>')).toBe(
      `write to ${link('ada@e.org', 'mailto:ada@e.org')}. Or ${link('https://e.org/')}`,
    );
    expect(shown('nohttps://e.org ftp://e.org <b@> @ada')).toBe('nohttps://e.org ftp://e.org <b@> @ada');
  });

  it('knows words that lead somewhere, with marks, brackets and a title', () => {
    expect(html(only('[**a** [b]](https://e.org/x_(y) "title")'))).toBe('<a https://e.org/x_(y)><b>a</b> [b]</a>');
    expect(html(only('[a](<https://e.org/b c>) [no target] [open](https://e.org'))).toBe(
      '<a https://e.org/b%20c>a</a> [no target] [open](<a https://e.org/>https://e.org</a>',
    );
    expect(html(only('[see https://e.org](https://f.org/)'))).toBe('<a https://f.org/>see https://e.org</a>');
  });
});
