import { describe, expect, it } from 'vitest';
import { area, t } from './i18n';
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

describe('the areas', () => {
  const files = import.meta.glob<{ texts: Record<string, unknown> }>('./i18n/areas/*.ts', { eager: true });
  const areas = Object.entries(files).map(([file, { texts }]) => ({ file, texts }));
  const entries = [{ file: 'en', texts: en as Record<string, unknown> }, ...areas].flatMap(({ file, texts }) =>
    Object.entries(texts).map(([key, entry]) => ({ file, key, entry })),
  );

  it('say each thing once', () => {
    expect(areas.length).toBeGreaterThan(8);
    const keys = entries.map(({ key }) => key);
    const twice = entries.filter(({ key }, at) => keys.indexOf(key) !== at).map(({ file, key }) => `${file}: ${key}`);
    expect(twice).toEqual([]);
  });

  it('leave nothing empty, and have the number in what it decides', () => {
    for (const { key, entry } of entries) {
      const forms = typeof entry === 'string' ? [entry] : Object.values(entry as Record<string, string>);
      expect(forms.every((form) => form.trim() === form && form !== ''), key).toBe(true);
      if (typeof entry === 'string') continue;
      expect(Object.keys(entry as object), key).toContain('other');
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
