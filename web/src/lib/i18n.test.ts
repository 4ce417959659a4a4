import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import protocol from '../wire/protocol.gen.ts?raw';
import { area, t, type Entry, type Texts } from './i18n';
import { en } from './i18n/en';

it('fills in values', () => {
  expect(t('room.label', { title: 'Harbour' })).toBe('Conversation: Harbour');
});

it('chooses the plural form and groups large numbers', () => {
  expect(t('room.members', { n: 1 })).toBe('1 member');
  expect(t('room.members', { n: 1200 })).toBe('1,200 members');
});

it('leaves text of people alone that looks like a placeholder', () => {
  expect(t('timeline.announce', { author: '{text}', text: 'hello' })).toBe('{text}: hello');
});

const files = import.meta.glob<{ texts: Texts }>('./i18n/areas/*.ts', { eager: true });
const areas = Object.entries(files).map(([file, { texts }]) => ({ file: file.split('/').at(-1)!, texts }));
const entries = [{ file: 'first.ts', texts: en as Texts }, ...areas].flatMap(({ file, texts }) =>
  Object.entries(texts).map(([key, entry]) => ({ file, key, entry })),
);
const PROTOCOL = 'Give one of before, after, around and around_seq.';
const formsOf = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const namesIn = (entry: Entry): string => [...new Set(formsOf(entry).join().match(/\{\w+\}/g))].sort().join(' ');

describe('the areas', () => {
  it('say each thing once', () => {
    expect(areas.length).toBeGreaterThan(8);
    const keys = entries.map(({ key }) => key);
    const twice = entries.filter(({ key }, at) => keys.indexOf(key) !== at).map(({ file, key }) => `${file}: ${key}`);
    expect(twice).toEqual([]);
  });

  it('leave nothing empty, and have the number in what it decides', () => {
    for (const { key, entry } of entries) {
      const forms = formsOf(entry);
      expect(forms.every((form) => form.trim() === form && form !== ''), key).toBe(true);
      if (typeof entry === 'string') continue;
      expect(Object.keys(entry), key).toContain('other');
      expect(forms.some((form) => form.includes('{n}')), key).toBe(true);
    }
  });

  it('know the common texts as well as their own', () => {
    const say = area({ 'test.waits': { one: '{n} waits for {who}', other: '{n} wait for {who}' } });
    expect(say('test.waits', { n: 1, who: 'Ada' })).toBe('1 waits for Ada');
    expect(say('common.cancel')).toBe('Cancel');
    // @ts-expect-error a value is missing
    expect(say('test.waits', { n: 2 })).toBe('2 wait for {who}');
    // @ts-expect-error no such text
    expect(say('test.nothing')).toBe('test.nothing');
  });
});

describe.each(
  Object.entries(import.meta.glob<{ texts: Texts }>('./i18n/*/index.ts', { eager: true })).map(([file, book]) => ({
    code: file.split('/').at(-2)!,
    texts: book.texts,
  })),
)('$code', ({ code, texts }) => {
  const both = entries.flatMap(({ file, key, entry }) => (texts[key] ? [{ file, key, entry, said: texts[key] }] : []));

  it('says nothing that English does not', () => {
    const known = new Set(entries.map(({ key }) => key));
    expect(Object.keys(texts).filter((key) => !known.has(key))).toEqual([]);
  });

  it('says all that English does', () => {
    const missing = entries.filter(({ key }) => !texts[key]).map(({ file, key, entry }) => `${file} ${key}: ${formsOf(entry).join(' / ')}`);
    expect(missing, `say these in lib/i18n/${code}/<file>, by the glossary in its index.ts`).toEqual([]);
  });

  it('has every value in its place', () => {
    for (const { key, entry, said } of both) expect(namesIn(said), key).toBe(namesIn(entry));
  });

  it('has the forms that its numbers need', () => {
    const rules = new Intl.PluralRules(code);
    const needed = new Set([...Array(200).keys()].map((n) => rules.select(n)));
    for (const { key, entry, said } of both) {
      if (typeof entry === 'string') expect(typeof said, key).toBe('string');
      else expect(Object.keys(said), key).toEqual(expect.arrayContaining([...needed]));
    }
  });

  it('is set as a printer would', () => {
    for (const { key, said } of both) {
      for (const form of formsOf(said)) {
        expect(form, key).not.toMatch(/["']|\.\.\.| - |\s$|^\s|^$/);
      }
    }
  });

  it('has words for whatever the server refuses', async () => {
    const union = /export type ErrorCode =([^;]+);/.exec(protocol)?.[1] ?? '';
    const codes = ['offline', 'timeout', 'blocked', 'voice_lost', ...[...union.matchAll(/'(\w+)'/g)].map(([, each]) => each!)];
    expect(codes.length).toBeGreaterThan(60);
    const { problems } = (await import(`./i18n/${code}/problems.ts`)) as { problems: Record<string, string> };
    const missing = codes.filter((each) => !problems[each]);
    expect(missing, `write what these mean into lib/i18n/${code}/problems.ts`).toEqual([]);
  });

  it('knows the words that say more than their code', async () => {
    const { problems } = (await import(`./i18n/${code}/problems.ts`)) as { problems: Record<string, string> };
    const features = join(import.meta.dirname, '../../../appliance/features');
    const files = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.py'));
    const source = files.map((file) => readFileSync(join(features, file), 'utf8')).join('\n');
    const said = [...source.matchAll(/Refusal\([^)]*?text="([^"]+)"/g)].map(([, words]) => words!);
    expect(said.length).toBeGreaterThan(15);
    const known = Object.keys(problems).filter((words) => words.includes(' '));
    expect(known.filter((words) => !said.includes(words)), 'nobody says these any more').toEqual([]);
    // What only a program that is wrong can be told needs no words for people.
    const missing = said.filter((words) => !known.includes(words) && words !== PROTOCOL);
    expect(missing, `write what these mean into lib/i18n/${code}/problems.ts`).toEqual([]);
  });
});
