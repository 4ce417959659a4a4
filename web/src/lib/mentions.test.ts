import { describe, expect, it } from 'vitest';
import { oneLine, parseMarkdown } from './markdown';
import { handlesIn, markCalled, nameIn, pairUp, writingAt, type Called } from './mentions';

const ADA = { id: 'a', name: 'ada' };
const BEN = { id: 'b', name: 'ben.o' };
const GONE = { id: 'g', name: '' };

describe('names in a text', () => {
  it('are words after an @, in any letters, once each', () => {
    expect(handlesIn('@ada and @Ben.o, (@ada) *@cleo*\n> @dora')).toEqual(['ada', 'ben.o', 'cleo', 'dora']);
  });

  it('are not found in code, links, addresses and escaped', () => {
    const text = '`@ada` ada@ben.example https://x.example/@ada [@ada](https://x.example) \\@ada @@ada @é';
    expect(handlesIn(`${text}\n\n\`\`\`\n@ada\n\`\`\``)).toEqual([]);
  });

  it('end where the name does', () => {
    expect(handlesIn('@ada. @ada, @ada! @ada- @ada’s')).toEqual(['ada']);
    expect(nameIn('ada-thanks', (name) => name === 'ada')).toBe('ada');
    expect(nameIn('ada-thanks', (name) => name === 'thanks')).toBe('');
  });
});

describe('who is meant', () => {
  const ids = (text: string, ...mentioned: { id: string; name: string }[]) =>
    Object.fromEntries([...pairUp(text, mentioned)].map(([handle, pair]) => [handle, pair.id]));

  it('is who is named in the text and beside it, and nobody else', () => {
    expect(ids('@ada @ben.o @cleo', ADA, BEN)).toEqual({ ada: 'a', 'ben.o': 'b' });
    expect(ids('@ada', BEN, ADA)).toEqual({ ada: 'a' });
  });

  it('is whoever is gone, when only one name is left for them', () => {
    expect(ids('@ada and @cleo', ADA, GONE)).toEqual({ ada: 'a', cleo: 'g' });
    expect(ids('@ada, @cleo, @dora', ADA, GONE)).toEqual({ ada: 'a' });
  });

  it('never takes the word for everybody for somebody who is gone', () => {
    expect(ids('@room @cleo', GONE)).toEqual({ cleo: 'g' });
  });
});

describe('the marked text', () => {
  const called = (person: string, label: string, length: number): Called => ({ person, label, me: false, length });

  it('shows the name of today, and leaves the rest', () => {
    const by = new Map([['ada-thanks', called('a', 'Ada B.', 3)]]);
    const marked = markCalled(parseMarkdown('Hi **@ada-thanks**, `@ada-thanks`'), by);
    expect(oneLine(marked)).toBe('Hi @Ada B.-thanks, @ada-thanks');
  });

  it('is the same tree where nobody is mentioned', () => {
    const blocks = parseMarkdown('@ada');
    expect(markCalled(blocks, new Map())).toBe(blocks);
  });
});

describe('what is being written', () => {
  it('is the word after the @ before the caret', () => {
    expect(writingAt('Hi @Ad', 6)).toEqual({ from: 3, query: 'ad' });
    expect(writingAt('@', 1)).toEqual({ from: 0, query: '' });
    expect(writingAt('@ada byr', 8)).toEqual({ from: 0, query: 'ada byr' });
  });

  it('is nothing inside a word, after other signs, or in the middle of a name', () => {
    expect(writingAt('a@b', 3)).toBeNull();
    expect(writingAt('@ada, and', 9)).toBeNull();
    expect(writingAt('@ada', 2)).toBeNull();
  });
});
