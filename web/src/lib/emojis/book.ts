/** All emoji of a language: their groups, what finds them, their skin tones. */

export interface Emoji {
  text: string;
  /** Of Unicode's emoji: what came later than the device cannot be drawn there. */
  version: number;
  /** It has skin tones. */
  toned: boolean;
  name: string;
  /** What it is called between colons; the first is the usual one. */
  codes: readonly string[];
  /** Everything that finds it, each word after a space. */
  words: string;
}

export interface Group {
  /** The number that Unicode's order gives it. */
  id: number;
  emojis: Emoji[];
}

/** 0: as it comes; 1 to 5: from light to dark. */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

export const FLAGS = 9;
/** Whoever has a skin; the hands between two who hold them have none. */
const PERSON = /(?!\u{1f91d}\u200d)(\p{Emoji_Modifier_Base})\ufe0f?/gu;

/** It is a picture anyhow, and is written without the sign that asks for one. */
const PICTURED = /(\p{Emoji_Presentation})\ufe0f/gu;

const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

export class Book {
  readonly groups: readonly Group[];
  #byText = new Map<string, Emoji>();
  #byCode = new Map<string, Emoji>();

  /** `drawn`: whether this device has a picture of it. */
  constructor(source: string, drawn: (emoji: Emoji, group: number) => boolean = () => true) {
    const groups: Group[] = [];
    for (const line of source.split('\n')) {
      if (line.startsWith('#') && !line.includes('\t')) groups.push({ id: Number(line.slice(1)), emojis: [] });
      else if (line) this.#add(groups.at(-1)!, line, drawn);
    }
    this.groups = groups.filter(({ emojis }) => emojis.length);
  }

  #add(group: Group, line: string, drawn: (emoji: Emoji, group: number) => boolean): void {
    const [shown = '', version = '', toned = '', name = '', tags = '', codes = ''] = line.split('\t');
    const text = shown.replace(PICTURED, '$1');
    const all = codes ? codes.split(',') : [];
    const words = ` ${plain(`${name} ${tags} ${codes}`).replace(/[\s,_:-]+/g, ' ')} `;
    const emoji: Emoji = { text, version: Number(version), toned: toned !== '', name, codes: all, words };
    if (!drawn(emoji, group.id)) return;
    group.emojis.push(emoji);
    this.#byText.set(text, emoji);
    for (const code of all) this.#byCode.set(code, emoji);
  }

  of(text: string): Emoji | undefined {
    return this.#byText.get(text);
  }

  byCode(code: string): Emoji | undefined {
    return this.#byCode.get(code.toLowerCase());
  }

  /** The best first; every word has to be found. */
  find(query: string, most = Infinity): Emoji[] {
    const wanted = plain(query).split(/[\s_:-]+/).filter(Boolean);
    if (!wanted.length) return [];
    const code = query.trim().toLowerCase().replace(/[\s:]+/g, '_');
    const found = [...this.#byText.values()]
      .map((emoji) => ({ emoji, fits: fit(emoji, code, wanted) }))
      .filter(({ fits }) => fits < Infinity)
      .sort((a, b) => a.fits - b.fits);
    return found.slice(0, most).map(({ emoji }) => emoji);
  }
}

function fit({ codes, words, name }: Emoji, code: string, wanted: readonly string[]): number {
  if (codes.includes(code)) return 0;
  // The shorter a code that begins so, the more of it is written already.
  const begun = Math.min(...codes.filter((each) => each.startsWith(code)).map((each) => each.length));
  if (begun < Infinity) return 1 + begun / 100;
  if (!wanted.every((word) => words.includes(` ${word}`))) return Infinity;
  return plain(name).startsWith(wanted[0]!) ? 2 : 3;
}

/** The same in another skin; where there are two people, both. */
export function inTone({ text, toned }: Pick<Emoji, 'text' | 'toned'>, tone: Tone): string {
  return toned && tone ? text.replace(PERSON, `$1${String.fromCodePoint(0x1f3fa + tone)}`) : text;
}
