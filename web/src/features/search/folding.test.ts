import { expect, it } from 'vitest';
import { standsAlone, tokens, words } from './folding';

it.each([
  ['Crème BRÛLÉE', 'creme brulee'],
  ['Straße', 'STRASSE'],
  ['Łódź Ærø', 'lodz aero'],
  ['ＦＵＬＬ Ｗｉｄｔｈ １２', 'full width 12'],
  ['İstanbul ıssız', 'istanbul issiz'],
  ['Σίσυφος', 'ΣΊΣΥΦΟΣ'],
  ['ёлка', 'елка'],
  ['שָׁלוֹם', 'שלום'],
  ['مَرْحَبًا مرحـــبا', 'مرحبا مرحبا'],
  ['ﾊﾟｿｺﾝ', 'パソコン'],
  ['か\u3099', 'が'],
  ['\u1112\u1161\u11ab', '한'],
  ['ﬁve', 'five'],
  ['e\u0301', 'é'],
  ['soft\u00adhyphen zero\u200dwidth', 'softhyphen zerowidth'],
  ['👍🏽', '👍'],
])('%s is the same as %s', (text, same) => {
  expect(words(text)).toEqual(words(same));
});

it.each([
  ['か', 'が'],
  ['कि', 'की'],
  ['กา', 'กี'],
  ['a', 'b'],
])('%s stays another letter than %s', (one, other) => {
  expect(words(one)).not.toEqual(words(other));
});

it.each([
  ["don't stop_me-now, please.", ['don', 't', 'stop', 'me', 'now', 'please']],
  ['我喜欢abc中文', ['我', '喜', '欢', 'abc', '中', '文']],
  ['서울역', ['서', '울', '역']],
  ['กิน', ['ก', 'ิ', 'น']],
  ['tea🍵time', ['tea', '🍵', 'time']],
  ['*** --- !!!', []],
])('%s is cut where words end', (text, cut) => {
  expect(words(text)).toEqual(cut);
});

it('takes the short way through simple text, to the same words', () => {
  for (let code = 0; code < 0x80; code += 1) {
    const sign = String.fromCharCode(code);
    const text = `Ab${sign}c ${sign}${sign} 9${sign}\n${'X'.repeat(70)}${sign}`;
    expect(tokens(text), code.toString(16)).toEqual(tokens(`${text}\u00a0`));
  }
});

it('cuts what is too long for a word', () => {
  expect(words('x'.repeat(129)).map((word) => word.length)).toEqual([64, 64, 1]);
});

it('knows where each word stands, with the marks that belong to it', () => {
  const text = 'n\u0303u\u0308 👍 ok';
  expect(tokens(text).map(({ start, end }) => text.slice(start, end))).toEqual(['n\u0303u\u0308', '👍', 'ok']);
});

it('knows what is cut off by itself', () => {
  expect(['中', 'a', '🍵', '한', 'ab'].map(standsAlone)).toEqual([true, false, true, true, false]);
});

it.each([0, 0x8000, 0x10000, 0x18000])('folds whatever there is to what stays as it is, from %i on', (first) => {
  const changed: string[] = [];
  for (let code = first; code < first + 0x8000; code += 1) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const once = words(String.fromCodePoint(code)).join(' ');
    if (words(once).join(' ') !== once) changed.push(code.toString(16));
  }
  expect(changed).toEqual([]);
});
