import { expect, it } from 'vitest';
import { occurrences } from './occurrences';

const marked = (text: string, ...words: string[]): string[] => occurrences(text, words).map(([start, end]) => text.slice(start, end));

it('marks a word wherever it stands, and not inside of another', () => {
  expect(occurrences('tea, steam, tea!', ['tea'])).toEqual([[0, 3], [12, 15]]);
  expect(marked('Teapots and tea', 'tea')).toEqual(['tea']);
});

it('marks characters that are words by themselves anywhere', () => {
  expect(marked('我喜欢西瓜汁', '西瓜')).toEqual(['西瓜']);
  expect(marked('good🍵tea', '🍵')).toEqual(['🍵']);
});

it('marks words that stand on two lines', () => {
  expect(marked('a red\nkettle', 'red kettle')).toEqual(['red\nkettle']);
});

it('marks nothing for nothing', () => {
  expect(occurrences('tea', ['', 'coffee'])).toEqual([]);
});
