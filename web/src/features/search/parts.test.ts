import { expect, it } from 'vitest';
import { isTold, without, wordsOf, type Understood } from './parts';

const word = (text: string, more: Partial<Understood> = {}): Understood => ({ text, kind: 'word', value: text, ...more });

it('is the rest of the query when one part is taken away', () => {
  const parts = [word('red'), word('from:ada', { kind: 'from' }), word('-milk', { excluded: true })];
  expect(parts.map((part) => without(parts, part))).toEqual(['from:ada -milk', 'red -milk', 'red from:ada']);
});

it('keeps together what may stand for each other', () => {
  const parts = [word('red'), word('tea'), word('coffee', { alternative: true }), word('cocoa', { alternative: true })];
  expect(parts.map((part) => without(parts, part))).toEqual([
    'tea OR coffee OR cocoa',
    'red coffee OR cocoa',
    'red tea OR cocoa',
    'red tea OR coffee',
  ]);
  expect(without([word('tea'), word('coffee', { alternative: true })], parts[0]!)).toBe('tea OR coffee');
});

it('is what is left of it without filters', () => {
  const tea = [word('tea'), word('coffee', { alternative: true })];
  const rest = [word('from:ada', { kind: 'from' }), word('"red cup"', { kind: 'phrase', alternative: true }), word('-milk', { excluded: true })];
  expect(wordsOf([...tea, ...rest])).toBe('tea OR coffee "red cup"');
  expect([wordsOf(tea), wordsOf(rest.slice(0, 1)), wordsOf([])]).toEqual(['', '', '']);
});

it('tells of what is more than a word', () => {
  expect(isTold(word('tea'))).toBe(false);
  expect(isTold(word('tea'), word('coffee', { alternative: true }))).toBe(true);
  expect(isTold(word('-tea', { excluded: true }))).toBe(true);
  expect(isTold(word('"red tea"', { kind: 'phrase' }))).toBe(true);
});
