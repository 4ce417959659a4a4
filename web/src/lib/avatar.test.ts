import { expect, it } from 'vitest';
import { hueOf, initialsOf } from './avatar';

it('gives a name the same colour everywhere and always', () => {
  expect(hueOf('ada')).toBe(hueOf('Ada'));
  expect(new Set(['ada', 'ben', 'cai', 'dee', 'eve', 'fay', 'gus', 'hal'].map(hueOf)).size).toBeGreaterThan(3);
});

it.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['Rosa van der Berg', 'RB'],
  ['#garden', 'G'],
  ['👩‍🌾 Farm', '👩F'],
  ['', '?'],
])('makes letters of %j', (title, letters) => {
  expect(initialsOf(title)).toBe(letters);
});
