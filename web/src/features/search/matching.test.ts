import { describe, expect, it } from 'vitest';
import { message } from '../../local/fake';
import type { Message } from '../../wire/protocol.gen';
import { called } from './calling';
import { Look, type Naming } from './matching';
import { parse } from './query';

const TODAY = new Date(2026, 10, 20, 12).getTime();
const FOLK = [
  ['account-ada', 'ada', 'Ada Lovelace'],
  ['account-ben', 'ben', 'Ben Oyelaran'],
] as const;
const PLACES = [
  ['room-hall', 'Hall'],
  ['room-garden', 'Roof Garden'],
] as const;
const naming: Naming = {
  me: 'account-ada',
  people: (value) => (value === 'me' ? ['account-ada'] : called(value, FOLK)),
  rooms: (value) => called(value, PLACES),
};
const said = (text: string, more: Partial<Message> = {}): Message => message(1, { content: { type: 'text', text }, ...more });
const look = (typed: string): Look => new Look(parse(typed, TODAY), naming);
const finds = (typed: string, text: string, more: Partial<Message> = {}, wide = false): boolean => {
  const fit = look(typed).at(said(text, more));
  return fit !== null && (wide || !fit.inside);
};

describe('words', () => {
  it.each([
    ['kettle', 'Two kettles'],
    ['creme brulee', 'Crème Brûlée for all'],
    ['STRASSE', 'in der Straße'],
    ['西瓜', '我喜欢西瓜汁'],
    ['瓜', '我喜欢西瓜汁'],
    ['울역', '서울역에서'],
    ['กิน', 'ไปกินข้าว'],
    ['привет', 'ПРИВЕТ, мир'],
    ['שלום', 'שָׁלוֹם עולם'],
    ['مرحبا', 'مَرْحَبًا بكم'],
    ['🍵', 'more 🍵?'],
    ['red kettle', 'the kettle is red'],
    ['"red kettle"', 'a Red kettle'],
    ['tea OR coffee', 'coffee please'],
    ['tea -milk', 'tea with lemon'],
    ['a', 'just a word'],
  ])('%s finds "%s"', (typed, text) => {
    expect(finds(typed, text)).toBe(true);
  });

  it.each([
    ['haus', 'Krankenhaus'],
    ['"red kettle"', 'red kettles'],
    ['"red kettle"', 'kettle red'],
    ['tea -milk', 'tea with milk'],
    ['tea coffee', 'tea'],
    ['a', 'another'],
    ['か', 'が'],
    ['-tea', 'tea'],
  ])('%s does not find "%s"', (typed, text) => {
    expect(finds(typed, text)).toBe(false);
  });

  it('are found inside of others when one looks so far, from three letters on', () => {
    expect(finds('haus', 'Krankenhaus', {}, true)).toBe(true);
    expect(finds('au', 'Krankenhaus', {}, true)).toBe(false);
    expect(finds('"haus"', 'Krankenhaus', {}, true)).toBe(false);
  });
});

describe('filters', () => {
  const on = (day: number): Partial<Message> => ({ at: new Date(2026, 10, day, 9).getTime() });

  it.each<[string, Partial<Message>]>([
    ['from:ben', { author: 'account-ben' }],
    ['from:oye', { author: 'account-ben' }],
    ['from:me', { author: 'account-ada' }],
    ['from:ada from:ben', { author: 'account-ben' }],
    ['in:roof', { room: 'room-garden' }],
    ['mentions:me', { mentions: ['account-ada'] }],
    ['mentions:me', { everyone: true }],
    ['mentions:ben', { mentions: ['account-ben'] }],
    ['is:mine', { author: 'account-ada' }],
    ['on:2026-11-18', on(18)],
    ['before:yesterday', on(18)],
    ['after:18.11.2026', on(19)],
    ['-from:ben', { author: 'account-ada' }],
  ])('%s', (typed, more) => {
    expect(finds(typed, 'words', more)).toBe(true);
  });

  it.each<[string, Partial<Message>]>([
    ['from:ben', { author: 'account-ada' }],
    ['from:nobody', {}],
    ['in:roof', { room: 'room-hall' }],
    ['mentions:me', { everyone: true, author: 'account-ada' }],
    ['before:yesterday', on(19)],
    ['after:2026-11-18', on(18)],
    ['is:pinned', {}],
    ['has:image', {}],
  ])('not %s', (typed, more) => {
    expect(finds(typed, 'words', more)).toBe(false);
  });

  it('sees links', () => {
    expect(finds('has:link', 'see https://example.org/a')).toBe(true);
    expect(finds('has:link', 'no link: http')).toBe(false);
  });

  it('says how each was understood', () => {
    const told = look('tea from:ben -in:hall on:2026-11').understood.map(({ text, kind, people, rooms, since, until }) => [text, kind, people, rooms, since, until]);
    const [first, last] = [new Date(2026, 10, 1).getTime(), new Date(2026, 11, 1).getTime()];
    expect(told).toEqual([
      ['tea', 'word', [], [], 0, 0],
      ['from:ben', 'from', ['account-ben'], [], 0, 0],
      ['on:2026-11', 'on', [], [], first, last],
      ['-in:hall', 'in', [], ['room-hall'], 0, 0],
    ]);
  });
});

describe('what is shown of it', () => {
  it('is cut into plain and found in turns', () => {
    const fit = look('kett tea').at(said('The Kettle,\nand tea.'));
    expect(fit?.hit.snippet).toEqual(['The ', 'Kettle', ', and ', 'tea', '.']);
    expect(fit?.hit.words).toEqual(['Kettle', 'tea']);
  });

  it('is around what was found first', () => {
    const fit = look('needle').at(said(`${'hay '.repeat(200)}needle${' hay'.repeat(200)}`));
    const snippet = fit?.hit.snippet ?? [];
    expect(snippet[0]?.startsWith('…hay')).toBe(true);
    expect(snippet[1]).toBe('needle');
    expect(snippet.at(-1)?.endsWith('hay…')).toBe(true);
    expect(snippet.join('').length).toBeLessThan(200);
  });

  it('never cuts through a sign', () => {
    const fit = look('needle').at(said(`${'🍵'.repeat(200)}needle${'🍵'.repeat(200)}`));
    expect(fit?.hit.snippet.join('')).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
  });

  it('nothing of what was deleted', () => {
    expect(look('-tea').at(message(1, { content: null }))).toBeNull();
  });

  it('is worth more the nearer it is', () => {
    const worth = (text: string): number => look('haus').at(said(text))?.worth ?? 0;
    expect(worth('Haus')).toBeGreaterThan(worth('Hausboot'));
    expect(worth('Hausboot')).toBeGreaterThan(worth('Krankenhaus'));
    expect(worth('das Haus')).toBeGreaterThan(worth('das alte, schon lange nicht mehr bewohnte Haus'));
  });
});
