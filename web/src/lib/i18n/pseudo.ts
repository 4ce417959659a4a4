/**
 * Languages of nobody's, made from English, for eyes and tests. In en-XA whatever did not come out of the dictionary
 * stands out by its plain letters, and whatever has no room for 40 % more is cut; in ar-XB everything runs from right
 * to left, and can still be read (backwards).
 */
import { rightToLeft, type Book, type Entry, type Forms } from '.';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ODD = [...'áƀçďéƒğĥíĵķļɱñóƥɋřšţúṽŵẋýžÁƁÇĎÉƑĞĤÍĴĶĻṀÑÓƤɊŘŠŢÚṼŴẊÝŽ'];
const NAMES = /(\{\w+\})/;

/** A placeholder stays as it is. */
export function bent(text: string, turned: boolean): string {
  const parts = text.split(NAMES).map((part) => (NAMES.test(part) ? part : turned ? turn(part) : stretch(part)));
  return turned ? parts.join('') : `[${parts.join('')}]`;
}

/** Vowels twice: English has about two of them in five letters. */
function stretch(words: string): string {
  return words.replace(/[a-z]/gi, (letter) => {
    const odd = ODD[PLAIN.indexOf(letter)] ?? letter;
    return /[aeiou]/i.test(letter) ? odd + odd.toLowerCase() : odd;
  });
}

/** Each word forced to run from right to left, between marks that count as a letter of such a script. */
function turn(words: string): string {
  return words.replace(/[^\s{}]+/g, (word) => `\u200f\u202e${word}\u202c\u200f`);
}

function bentEntry(entry: Entry): Entry {
  if (typeof entry === 'string') return bent(entry, rightToLeft);
  return Object.fromEntries(Object.entries(entry).map(([rule, form]) => [rule, bent(form, rightToLeft)])) as Forms;
}

export const told: Book['told'] = bentEntry;
export const refused: Book['refused'] = (_code, words) => bent(words, rightToLeft);
