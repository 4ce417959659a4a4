/** A limit in bytes, told in letters: nobody counts bytes, and an emoji has many. */

/** So many bytes too much nobody takes away letter by letter, and counting those of a pasted book takes seconds. */
const FAR = 20_000;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const bytes = new TextEncoder();
/** So many of the last letters say how large one's letters are. */
const HABIT = 200;

const sizeOf = (text: string): number => bytes.encode(text).length;
const count = (text: string): number => [...graphemes.segment(text)].length;

/** How many letters of the kind that is being written still fit; below 0, how many have to go. */
export function lettersLeft(text: string, limit: number): number {
  const left = limit - sizeOf(text);
  return left < 0 ? -overflow(text, -left) : rounded(left / habit(text));
}

function habit(text: string): number {
  const last = text.slice(-HABIT);
  return last ? Math.max(1, sizeOf(last) / count(last)) : 1;
}

/** It is a guess; 340 is as good as 343. */
function rounded(letters: number): number {
  const step = letters > 200 ? 50 : letters > 40 ? 10 : 1;
  return Math.floor(letters / step) * step;
}

/** How many letters at the end have so many bytes. */
function overflow(text: string, over: number): number {
  if (over > FAR) return Math.ceil(over / habit(text));
  const tail = text.slice(-over - 64);
  let rest = over;
  let letters = 0;
  for (const { segment } of [...graphemes.segment(tail)].reverse()) {
    if (rest <= 0) break;
    rest -= sizeOf(segment);
    letters += 1;
  }
  return letters;
}
