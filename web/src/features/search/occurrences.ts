import { standsAlone } from './folding';

const LETTER = /[\p{L}\p{M}\p{N}]/u;

/** Where the words stand in a text, each as a whole: "tea" is not marked inside of "steam". A space is like any other. */
export function occurrences(text: string, words: readonly string[]): [start: number, end: number][] {
  const plain = text.replace(/\s/g, ' ');
  const found: [number, number][] = [];
  for (const word of words) {
    const wanted = word.replace(/\s/g, ' ');
    for (let at = wanted ? plain.indexOf(wanted) : -1; at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
      if (isWhole(plain, at, at + wanted.length)) found.push([at, at + wanted.length]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

function isWhole(text: string, start: number, end: number): boolean {
  return !joins(signBefore(text, start), signAt(text, start)) && !joins(signBefore(text, end), signAt(text, end));
}

const signAt = (text: string, at: number): string => String.fromCodePoint(...[text.codePointAt(at)].filter((code) => code !== undefined));
const signBefore = (text: string, at: number): string => [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';

/** Two signs of one word. */
function joins(before: string, after: string): boolean {
  return LETTER.test(before) && LETTER.test(after) && !standsAlone(before) && !standsAlone(after);
}
