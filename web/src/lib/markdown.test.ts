import { describe, expect, it } from 'vitest';
import { parseMarkdown, plainText, safeHref, type Block } from './markdown';

const only = (source: string): Block => {
  const [block, ...rest] = parseMarkdown(source);
  expect(rest).toEqual([]);
  if (!block) throw new Error('nothing was parsed');
  return block;
};

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
});
