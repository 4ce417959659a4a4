import { describe, expect, test } from 'vitest';
import { apply, continued, formatted, inCode, isAddress, linked, type Format, type Selected } from './marks';

/** `[` and `]` stand for the two ends of the selection, `|` for both. */
function select(marked: string): Selected {
  const text = marked.replace(/[⟦⟧|]/g, '');
  if (marked.includes('|')) return { text, start: marked.indexOf('|'), end: marked.indexOf('|') };
  return { text, start: marked.indexOf('⟦'), end: marked.indexOf('⟧') - 1 };
}

function show({ text, start, end }: Selected): string {
  if (start === end) return `${text.slice(0, start)}|${text.slice(start)}`;
  return `${text.slice(0, start)}⟦${text.slice(start, end)}⟧${text.slice(end)}`;
}

function after(how: Format, marked: string): string {
  const selected = select(marked);
  const change = formatted(how, selected);
  return show({ text: apply(selected.text, change), start: change.start, end: change.end });
}

describe('a selection is marked, and the same key takes the mark away', () => {
  test.each<[Format, string, string]>([
    ['bold', 'a ⟦word⟧ here', 'a **⟦word⟧** here'],
    ['bold', 'a **⟦word⟧** here', 'a ⟦word⟧ here'],
    ['bold', 'a ⟦**word**⟧ here', 'a ⟦word⟧ here'],
    ['bold', 'a ⟦ word ⟧here', 'a  **⟦word⟧** here'],
    ['bold', '⟦**a** and **b**⟧', '**⟦**a** and **b**⟧**'],
    ['italic', 'a ⟦word⟧ here', 'a _⟦word⟧_ here'],
    ['italic', 'a *⟦word⟧* here', 'a ⟦word⟧ here'],
    ['italic', 'a **⟦word⟧** here', 'a **_⟦word⟧_** here'],
    ['italic', 'sun⟦flow⟧er', 'sun*⟦flow⟧*er'],
    ['strike', '⟦gone⟧', '~~⟦gone⟧~~'],
    ['strike', '~~⟦gone⟧~~', '⟦gone⟧'],
    ['code', '⟦x = 1⟧', '`⟦x = 1⟧`'],
    ['code', '`⟦x = 1⟧`', '⟦x = 1⟧'],
    ['code', '⟦a `b` c⟧', '`` ⟦a `b` c⟧ ``'],
    ['bold', '⟦  ⟧', '⟦  ⟧'],
    ['bold', '⟦👩‍👩‍👧 كلمة⟧', '**⟦👩‍👩‍👧 كلمة⟧**'],
  ])('%s: %s', (how, before, wanted) => {
    expect(after(how, before)).toBe(wanted);
  });

  test.each<Format>(['bold', 'italic', 'strike', 'code'])('%s twice is as before', (how) => {
    const once = formatted(how, select('one ⟦two three⟧ four'));
    const text = apply('one two three four', once);
    const twice = formatted(how, { text, start: once.start, end: once.end });
    expect(apply(text, twice)).toBe('one two three four');
    expect(text.slice(once.start, once.end)).toBe('two three');
  });
});

describe('without a selection', () => {
  test.each<[Format, string, string]>([
    ['bold', 'a |', 'a **|**'],
    ['bold', 'a **|**', 'a |'],
    ['bold', 'a **word|** b', 'a **word**| b'],
    ['link', 'see |', 'see [|]()'],
  ])('%s: %s', (how, before, wanted) => {
    expect(after(how, before)).toBe(wanted);
  });
});

describe('several lines', () => {
  test.each<[Format, string, string]>([
    ['bold', '⟦- one\n\n> two⟧', '⟦- **one**\n\n> **two**⟧'],
    ['bold', '⟦- **one**\n- **two**⟧', '⟦- one\n- two⟧'],
    ['code', 'see ⟦a\nb⟧', 'see \n⟦```\na\nb\n```⟧'],
    ['code', '⟦```\na\nb\n```⟧', '⟦a\nb⟧'],
    ['code', '⟦```\nb⟧', '⟦````\n```\nb\n````⟧'],
    ['quote', 'o⟦ne\ntw⟧o', '⟦> one\n> two⟧'],
    ['quote', '⟦> one\n> two⟧', '⟦one\ntwo⟧'],
    ['quote', '⟦one\n\ntwo⟧', '⟦> one\n>\n> two⟧'],
    ['bullets', '⟦one\ntwo⟧', '⟦- one\n- two⟧'],
    ['bullets', '⟦- one\n* two⟧', '⟦one\ntwo⟧'],
    ['numbers', '⟦- one\n\n- two⟧', '⟦1. one\n\n2. two⟧'],
    ['bullets', 'on|e', '- on|e'],
    ['bullets', '|', '- |'],
    ['bullets', '- on|e', 'on|e'],
    ['numbers', 'x\n|\ny', 'x\n1. |\ny'],
  ])('%s: %j', (how, before, wanted) => {
    expect(after(how, before)).toBe(wanted);
  });
});

describe('links', () => {
  const pasted = (marked: string, address: string): string => {
    const selected = select(marked);
    const change = linked(selected, address);
    return show({ text: apply(selected.text, change), start: change.start, end: change.end });
  };

  test('words lead somewhere, an address waits for words, and a link becomes its words again', () => {
    expect(after('link', 'the ⟦map⟧ here')).toBe('the [map](|) here');
    expect(after('link', '⟦https://ada.example/x⟧')).toBe('[|](https://ada.example/x)');
    expect(after('link', '⟦[map](https://ada.example)⟧')).toBe('⟦map⟧');
  });

  test('an address that is pasted on words', () => {
    expect(pasted('the ⟦map⟧ here', 'https://ada.example')).toBe('the [map](https://ada.example)| here');
    expect(pasted('⟦a [b]⟧', 'https://ada.example/(x)')).toBe('[a \\[b\\]](<https://ada.example/(x)>)|');
  });

  test.each([
    ['https://ada.example/a?b=c', true],
    ['mailto:ada@ada.example', true],
    ['javascript:alert(1)', false],
    ['https://a b', false],
    ['see https://ada.example', false],
    ['ada.example', false],
  ])('%s is an address: %s', (text, wanted) => expect(isAddress(text)).toBe(wanted));
});

describe('a new line', () => {
  const broken = (marked: string): string | null => {
    const { text, start } = select(marked);
    const change = continued(text, start);
    return change && show({ text: apply(text, change), start: change.start, end: change.end });
  };

  test.each<[string, string | null]>([
    ['- one|', '- one\n- |'],
    ['  * one|', '  * one\n  * |'],
    ['9. one|', '9. one\n10. |'],
    ['1) o|ne', '1) o\n2) |ne'],
    ['- |', '|'],
    ['- one\n- |', '- one\n|'],
    ['> said|', '> said\n> |'],
    ['> said\n> |', '> said\n|'],
    ['> - one|', '> - one\n> - |'],
    ['> - |', '> |'],
    ['words|', null],
    ['-|', null],
    ['|- one', null],
    ['```\n- one|', null],
    ['2026 was good|', null],
  ])('%j', (before, wanted) => expect(broken(before)).toBe(wanted));
});

test.each([
  ['a `b', true],
  ['a `b` c', false],
  ['a ``b` c', true],
  ['```\nx', true],
  ['```\nx\n```\ny', false],
  ['~~~\n```\nx', true],
  ['a `b\nc', false],
])('%j is in code: %s', (text, wanted) => expect(inCode(text, text.length)).toBe(wanted));
