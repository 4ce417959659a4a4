import { expect, it } from 'vitest';
import { fuzzy, pieces } from './fuzzy';

/** What somebody sees first of these. */
function order(query: string, ...texts: string[]): string[] {
  const hits = texts.flatMap((text) => {
    const hit = fuzzy(query, text);
    return hit ? [{ text, score: hit.score }] : [];
  });
  return hits.sort((a, b) => b.score - a.score).map(({ text }) => text);
}

const marked = (query: string, text: string): string =>
  pieces(text, fuzzy(query, text)?.marks ?? []).map(({ text, meant }) => (meant ? `[${text}]` : text)).join('');

it('finds by a beginning, by a run inside, by initials, and with letters left out', () => {
  expect(marked('gar', 'Garden')).toBe('[Gar]den');
  expect(marked('den', 'Garden')).toBe('Gar[den]');
  expect(marked('nr', 'New room')).toBe('[N]ew [r]oom');
  expect(marked('gadn', 'Garden')).toBe('[Ga]r[d]e[n]');
  expect(marked('bo', 'Bridget O’Malley')).toBe('[B]ridget [O]’Malley');
  expect(marked('dm', 'myDirectMessage')).toBe('my[D]irect[M]essage');
});

it('puts the nearest first', () => {
  expect(order('gar', 'Sugar', 'Old garden', 'Garden')).toEqual(['Garden', 'Old garden', 'Sugar']);
  expect(order('ne', 'Winter evening', 'News', 'General')).toEqual(['News', 'General', 'Winter evening']);
  expect(order('room', 'New room', 'Room', 'Mushrooms')).toEqual(['Room', 'New room', 'Mushrooms']);
});

it('takes words in any order, and all of them', () => {
  expect(marked('room new', 'New room')).toBe('[New] [room]');
  expect(fuzzy('new shed', 'New room')).toBeNull();
});

it('does not find letters that only happen to be there', () => {
  expect(fuzzy('ate', 'Catch up on what was said earlier')).not.toBeNull();
  expect(fuzzy('xyz', 'Garden')).toBeNull();
  expect(fuzzy('oeni', 'Notifications of everybody’s')).toBeNull();
  expect(fuzzy('gardens', 'Garden')).toBeNull();
});

it.each([
  ['uber', 'Über uns', '[Über] uns'],
  ['strasse', 'Straße', '[Straße]'],
  ['ILGIN', 'ılgın', '[ılgın]'],
  ['сад', 'Наш сад', 'Наш [сад]'],
  ['حديقة', 'حديقة المنزل', '[حديقة] المنزل'],
  ['庭', '私の庭', '私の[庭]'],
  ['e\u0301te', 'Été', '[Été]'],
  ['ete', 'E\u0301te\u0301', '[E\u0301te\u0301]'],
  ['🍅', 'The 🍅 club', 'The [🍅] club'],
])('reads any script without case and marks: %s in %s', (query, text, shown) => {
  expect(marked(query, text)).toBe(shown);
});

it('is quick over a thousand long names', () => {
  const names = Array.from({ length: 1000 }, (_, n) => `The ${n}th meeting of the friends of the garden behind the old mill`);
  expect(names.filter((name) => fuzzy('tgm', name)).length).toBe(1000);
});

it('comes through the longest of texts', () => {
  expect(fuzzy('a', 'b'.repeat(100_000))).toBeNull();
  expect(fuzzy('', 'Garden')?.marks).toEqual([]);
  expect(fuzzy('\u0301', 'Garden')).toBeNull();
});

it('signs that stand for many letters make it no slower', () => {
  const began = process.cpuUsage().user;
  for (let times = 0; times < 20; times++) fuzzy('\ufdfa'.repeat(160), '\ufdfa'.repeat(160));
  // Microseconds of work, whatever else the machine does.
  expect(process.cpuUsage().user - began).toBeLessThan(1_000_000);
});
