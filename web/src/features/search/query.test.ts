import { describe, expect, it } from 'vitest';
import { daysOf, parse, written } from './query';

const TODAY = new Date(2026, 10, 20, 15, 30).getTime();
const said = (typed: string): string => {
  const { groups, excluded } = parse(typed, TODAY);
  const tell = (part: (typeof excluded)[number]): string => `${part.kind}=${part.value}`;
  return [...groups.map((group) => group.map(tell).join(' or ')), ...excluded.map((part) => `not ${tell(part)}`)].join(', ');
};

describe('what was typed', () => {
  it.each([
    ['red kettle', 'word=red, word=kettle'],
    ['"red kettle" tea', 'phrase=red kettle, word=tea'],
    ['„rote Kanne“', 'phrase=rote Kanne'],
    ['"never closed', 'phrase=never closed'],
    ['tea OR coffee cake', 'word=tea or word=coffee, word=cake'],
    ['tea | coffee', 'word=tea or word=coffee'],
    ['OR tea', 'word=tea'],
    ['tea OR - OR milk', 'word=tea or word=milk'],
    ['tea OR tea -milk -milk', 'word=tea, not word=milk'],
    ['from:STRASSE in:Straße', 'from=strasse, in=strasse'],
    ['tea -milk -from:ada', 'word=tea, not word=milk, not from=ada'],
    ['from:@Ada in:#garden', 'from=ada, in=garden'],
    ['from:"Ada Lovelace"', 'from=ada lovelace'],
    ['FROM:me', 'from=me'],
    ['has:photo', 'has=image'],
    ['has:bananas', 'word=has:bananas'],
    ['is:mine is:purple', 'is=mine, word=is:purple'],
    ['before:soon on:today', 'word=before:soon, on=today'],
    ['from: tea', 'word=tea'],
    ['- -- !', ''],
    ['', ''],
  ])('%s', (typed, meant) => {
    expect(said(typed)).toBe(meant);
  });

  it('means the same when it is written down and read again', () => {
    for (const typed of ['tea -milk', '"red kettle"', 'from:"ada l" in:hall', 'on:2026-11']) {
      const { groups, excluded } = parse(typed, TODAY);
      const again = [...groups.flat().map(written), ...excluded.map((part) => `-${written(part)}`)].join(' ');
      expect(parse(again, TODAY)).toEqual(parse(typed, TODAY));
    }
  });
});

it.each([
  ['2026-11-20', [2026, 10, 20], [2026, 10, 21]],
  ['20.11.2026', [2026, 10, 20], [2026, 10, 21]],
  ['2026-11', [2026, 10, 1], [2026, 11, 1]],
  ['2026', [2026, 0, 1], [2027, 0, 1]],
  ['today', [2026, 10, 20], [2026, 10, 21]],
  ['yesterday', [2026, 10, 19], [2026, 10, 20]],
  ['2w', [2026, 10, 6], [2026, 10, 7]],
] as const)('%s is a span of days', (value, since, until) => {
  const midnight = ([year, month, day]: readonly [number, number, number]): number => new Date(year, month, day).getTime();
  expect(daysOf(value, TODAY)).toEqual([midnight(since), midnight(until)]);
});

it.each(['2026-13', '31.02.2026', 'soon', '12', '0001-01-01'])('%s is no day', (value) => {
  expect(daysOf(value, TODAY)).toBeNull();
});
