/** Finding by some of the letters: "grn" finds "Garden", "nr" finds "New room", "uber" finds "Über". Any script. */

export interface Hit {
  /** The higher, the better; comparable between texts for the same query. */
  score: number;
  /** Which stretches of the text were meant: from, to. In order, without overlap. */
  marks: [from: number, to: number][];
}

const LETTER = 1;
const WORD_START = 7;
const RUN = 5;
const TEXT_START = 3;
/** A gap costs this, and a little more the longer it is. */
const GAP = 1.2;
const GAP_STEP = 0.15;
const GAP_MAX = 4;
/** Below this for each letter the letters are only somewhere, and nobody meant them. */
const ENOUGH = 3;
/** Names are short; a text that is not cannot make the search slow. */
const LONGEST = 160;

interface Folded {
  letters: string[];
  /** Where each letter stands in the text: from, to. */
  from: number[];
  to: number[];
  /** A word begins here. */
  start: boolean[];
}

/** Case and marks do not count: é is e, ß is ss, full-width letters are letters. */
function fold(text: string): Folded {
  const folded: Folded = { letters: [], from: [], to: [], start: [] };
  let at = 0;
  let before = '';
  for (const point of text.slice(0, LONGEST)) {
    // One sign can stand for eighteen letters.
    if (folded.letters.length >= LONGEST) break;
    const plain = point.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace('ß', 'ss').replace('ı', 'i');
    const start = isStart(before, point);
    for (const [index, letter] of [...plain].entries()) {
      folded.letters.push(letter);
      folded.from.push(at);
      folded.to.push(at + point.length);
      folded.start.push(start && index === 0);
    }
    at += point.length;
    // A mark of its own belongs to the letter before it.
    if (plain) before = point;
    else if (folded.to.length) folded.to[folded.to.length - 1] = at;
  }
  return folded;
}

const WORD = /[\p{L}\p{N}]/u;
const LOWER = /[\p{Ll}\p{N}]/u;
const UPPER = /\p{Lu}/u;

/** Written without spaces, or a picture: each is as good as a word. */
const ALONE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{Extended_Pictographic}]/u;

function isStart(before: string, point: string): boolean {
  if (ALONE.test(point)) return true;
  if (!WORD.test(point)) return false;
  return !WORD.test(before) || (LOWER.test(before) && UPPER.test(point));
}

/** null: not this one. Words of the query may stand in any order; each has to be found. */
export function fuzzy(query: string, text: string): Hit | null {
  const words = query.trim().split(/\s+/u).filter(Boolean);
  const folded = fold(text);
  let score = 0;
  const meant = new Set<number>();
  for (const word of words) {
    const letters = fold(word).letters;
    const found = letters.length ? best(letters, folded) : null;
    if (!found) return null;
    score += found.score;
    for (const at of found.at) meant.add(at);
  }
  // Of two that fit alike the shorter is nearer to what was typed.
  return { score: score - folded.letters.length / 50, marks: stretches([...meant].sort((a, b) => a - b), folded) };
}

/** The best way to lay the letters over the text, by what each place adds to the best way up to the letter before. */
function best(letters: readonly string[], text: Folded): { score: number; at: number[] } | null {
  const width = text.letters.length;
  let above: number[] = [];
  const cameBy: number[][] = [];
  for (const [row, letter] of letters.entries()) {
    const line = new Array<number>(width).fill(-Infinity);
    const by = new Array<number>(width).fill(-1);
    // Of all ways that end further left than the letter before, the best one and where it ends.
    let [far, farAt] = [-Infinity, -1];
    for (let at = 0; at < width; at++) {
      if (row > 0 && at > 1 && (above[at - 2] ?? -Infinity) > far) {
        [far, farAt] = [above[at - 2] ?? -Infinity, at - 2];
      }
      if (text.letters[at] !== letter) continue;
      const here = LETTER + (text.start[at] ? WORD_START : 0) + (at === 0 ? TEXT_START : 0);
      if (row === 0) line[at] = here - Math.min(GAP_MAX, at * GAP_STEP) / 2;
      else {
        const run = (above[at - 1] ?? -Infinity) + RUN;
        const gap = far - Math.min(GAP_MAX, GAP + (at - farAt) * GAP_STEP);
        line[at] = here + Math.max(run, gap);
        by[at] = run >= gap ? at - 1 : farAt;
      }
    }
    cameBy.push(by);
    above = line;
  }
  let end = -1;
  for (const [at, score] of above.entries()) if (score > (above[end] ?? -Infinity)) end = at;
  const score = above[end] ?? -Infinity;
  if (score < letters.length * ENOUGH) return null;
  const places: number[] = [];
  for (let row = letters.length - 1, at = end; row >= 0; row--) {
    places.unshift(at);
    at = cameBy[row]?.[at] ?? -1;
  }
  return { score, at: places };
}

function stretches(places: readonly number[], { from, to }: Folded): [number, number][] {
  const marks: [number, number][] = [];
  for (const place of places) {
    const last = marks.at(-1);
    const [begin, end] = [from[place] ?? 0, to[place] ?? 0];
    if (last && begin <= last[1]) last[1] = Math.max(last[1], end);
    else marks.push([begin, end]);
  }
  return marks;
}

/** The text in pieces, for showing what was meant. */
export function pieces(text: string, marks: Hit['marks']): { text: string; meant: boolean }[] {
  const found: { text: string; meant: boolean }[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from > at) found.push({ text: text.slice(at, from), meant: false });
    found.push({ text: text.slice(from, to), meant: true });
    at = to;
  }
  if (at < text.length) found.push({ text: text.slice(at), meant: false });
  return found;
}
