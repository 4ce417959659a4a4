import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Book, inTone, type Tone } from './book';

const source = (language: string): string => readFileSync(join(import.meta.dirname, `${language}.txt`), 'utf8');
const en = new Book(source('en'));
const de = new Book(source('de'));
const first = (book: Book, query: string): string => book.find(query)[0]?.text ?? '';

test('every language has the same emoji in the same groups', () => {
  const shape = (book: Book) => book.groups.map(({ id, emojis }) => [id, ...emojis.map(({ text }) => text)]);
  expect(shape(de)).toEqual(shape(en));
  expect(en.groups.map(({ id }) => id)).toEqual([0, 1, 3, 4, 5, 6, 7, 8, 9]);
  expect(en.groups.flatMap(({ emojis }) => emojis).filter(({ codes, name }) => !codes.length || !name)).toEqual([]);
});

describe('finding', () => {
  test.each([
    ['smile', '😄'],
    ['tada', '🎉'],
    ['+1', '👍'],
    ['thumbsu', '👍'],
    ['heart', '❤️'],
    ['red heart', '❤️'],
    ['flag germany', '🇩🇪'],
    ['CAT', '🐱'],
  ])('%s is %s', (query, wanted) => expect(first(en, query)).toBe(wanted));

  test('in German, also without its marks, and by the codes that everybody knows', () => {
    expect(de.find('frühling').length).toBeGreaterThan(0);
    expect(de.find('fruhling')).toEqual(de.find('frühling'));
    expect(first(de, 'tada')).toBe('🎉');
    expect(de.find('Herz').map(({ text }) => text)).toContain('❤️');
  });

  test('nothing that is not there, and no more than is wanted', () => {
    expect(en.find('xyzzy')).toEqual([]);
    expect(en.find('  ')).toEqual([]);
    expect(en.find('face', 7)).toHaveLength(7);
    expect(en.byCode('SMILE')?.text).toBe('😄');
    expect(en.byCode('smil')).toBeUndefined();
  });
});

test('what cannot be drawn is not offered anywhere', () => {
  const old = new Book(source('en'), ({ version }, group) => version < 14 && group !== 9);
  expect(old.byCode('melting_face')).toBeUndefined();
  expect(old.find('melting')).toEqual([]);
  expect(old.groups.at(-1)?.id).toBe(8);
});

test.each<[string, Tone, string]>([
  ['👋', 3, '👋🏽'],
  ['☝️', 1, '☝🏻'],
  ['🧑‍🚀', 5, '🧑🏿‍🚀'],
  ['👩‍❤️‍👨', 2, '👩🏼‍❤️‍👨🏼'],
  ['🧑‍🤝‍🧑', 4, '🧑🏾‍🤝‍🧑🏾'],
  ['🤝', 4, '🤝🏾'],
  ['🏋️‍♀️', 3, '🏋🏽‍♀️'],
  ['👋', 0, '👋'],
  ['😀', 3, '😀'],
])('%s in tone %i is %s', (text, tone, wanted) => {
  expect(inTone(en.of(text)!, tone)).toBe(wanted);
});
