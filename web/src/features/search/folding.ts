/**
 * Text as it is compared: without case, width and marks, cut into words and single characters. The server's way
 * (docs/search.md), so that a device without a network finds the same. A browser does not tell the combining class of
 * a mark; the blocks of those that are dropped stand here instead.
 */

/** A word or a character, folded, and where it stands. `alone`: a character that has no beginnings. */
export interface Token {
  word: string;
  start: number;
  end: number;
  alone: boolean;
}

/** A word longer than that (an address, something encoded) counts as several. */
const MOST = /.{1,64}/gsu;

/** Accents, strokes, and vowel points of Hebrew and Arabic. Not those that make another letter of it. */
const DROPPED =
  /[\u0300-\u034e\u0350-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07eb-\u07f3\u0816-\u082d\u0859-\u085b\u08d3-\u08ff\u0951-\u0954\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u302a-\u302f\ufe20-\ufe2f]|\p{Me}/u;
/** Shows nothing of its own: joiners, directions, variants, skin tones, the stretching of Arabic letters. */
const IGNORED =
  /[\u0640\u034f\u00ad\u061c\u180e\ufeff\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\u{1f3fb}-\u{1f3ff}\u{e0000}-\u{e01ef}]/u;
/** Letters with a stroke, or joined, as people without the key type them. */
const PLAIN: Record<string, string> = { ø: 'o', ł: 'l', đ: 'd', ħ: 'h', ŧ: 't', ı: 'i', æ: 'ae', œ: 'oe' };
/** Of scripts that put no spaces between words. */
const ALONE =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\u1100-\u11ff\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}]/u;
/** What may become one character together with what stands beside it. */
const TOGETHER = /[\uac00-\ud7a3]?[\u1100-\u11ff\u3131-\u318e\uffa0-\uffdc]+|.[\u3099\u309a\uff9e\uff9f]/gsu;

const known = new Map<string, string>();

/** What a character becomes; spaces around what stands alone. */
function folded(sign: string): string {
  const held = known.get(sign);
  if (held !== undefined) return held;
  const found = fold(sign);
  if (known.size > 20_000) known.clear();
  known.set(sign, found);
  return found;
}

function fold(sign: string): string {
  if (IGNORED.test(sign)) return '';
  if (ALONE.test(sign)) return apart(sign.normalize('NFKC'));
  let before = '';
  let after = sign;
  // One kind of folding may bring forth what another one folds.
  while (before !== after) {
    before = after;
    const signs = [...before.normalize('NFKD')].map((one) => one.toUpperCase().toLowerCase()).join('');
    after = [...signs].map((one) => (DROPPED.test(one) || IGNORED.test(one) ? '' : (PLAIN[one] ?? one))).join('');
  }
  return after === sign ? placed(after) : [...after].map(folded).join('');
}

const apart = (signs: string): string => [...signs].map((one) => ` ${one} `).join('');

function placed(one: string): string {
  if (/\p{So}/u.test(one)) return ` ${one} `;
  return /[\p{L}\p{M}\p{N}\p{Co}\p{Cn}]/u.test(one) ? one : ' ';
}

/** Whether a folded word is a character that is a token by itself. */
export function standsAlone(word: string): boolean {
  return folded(word) === ` ${word} `;
}

/** The folded words and characters of a text, in order. */
export function tokens(text: string): Token[] {
  return SIMPLE.test(text) ? simple(text) : any(text);
}

/** Nothing to fold but case: most of what is said, and ten times as quick. */
const SIMPLE = /^[ -~\t\r\n]*$/;

function simple(text: string): Token[] {
  return [...text.matchAll(/[a-z\d]+/gi)].flatMap(({ 0: word, index }) => {
    const pieces = word.toLowerCase().match(MOST) ?? [];
    return pieces.map((piece) => ({ word: piece, start: index, end: index + word.length, alone: false }));
  });
}

function any(text: string): Token[] {
  const found: Token[] = [];
  let [word, start, end] = ['', 0, 0];
  const close = (): void => {
    for (const piece of word.match(MOST) ?? []) found.push({ word: piece, start, end, alone: standsAlone(piece) });
    word = '';
  };
  for (const step of steps(text)) {
    for (const one of step.folded) {
      if (one === ' ') {
        close();
        continue;
      }
      if (!word) start = step.from;
      word += one;
      end = step.to;
    }
    // Marks that are folded away belong to the letter before.
    if (!step.folded && word && end === step.from) end = step.to;
  }
  close();
  return found;
}

export const words = (text: string): string[] => tokens(text).map(({ word }) => word);

interface Step {
  from: number;
  to: number;
  folded: string;
}

function steps(text: string): Step[] {
  const found: Step[] = [];
  let at = 0;
  const plain = (until: number): void => {
    for (const sign of text.slice(at, until)) {
      found.push({ from: at, to: at + sign.length, folded: folded(sign) });
      at += sign.length;
    }
  };
  for (const { 0: signs, index } of text.matchAll(TOGETHER)) {
    plain(index);
    const whole = [...signs.normalize('NFKC')].map(folded).join('');
    found.push({ from: at, to: at + signs.length, folded: whole });
    at += signs.length;
  }
  plain(text.length);
  return found;
}
