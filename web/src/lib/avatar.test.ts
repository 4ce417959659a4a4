import { expect, it } from 'vitest';
import { HUES, hueOf, initialsOf, isDeep } from './avatar';

it('gives a name the same colour everywhere and always', () => {
  expect(hueOf('ada')).toBe(hueOf('Ada'));
  expect(isDeep('ada')).toBe(isDeep('Ada'));
});

it('uses the whole wheel, and names that differ in one letter rarely look alike', () => {
  const names = Array.from({ length: 26 * 26 }, (_, i) => String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26)));
  expect(new Set(names.map(hueOf)).size).toBe(HUES);
  const look = (name: string): string => `${hueOf(name)} ${isDeep(name)}`;
  const alike = names.filter((name, i) => i > 0 && look(name) === look(names[i - 1]!));
  expect(alike.length).toBeLessThan(names.length / 12);
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
