/** By which names people and rooms are meant. */
import { words } from './folding';

export type Named = readonly [id: string, ...names: string[]];

const MOST_KNOWN = 5000;
const known = new Map<string, readonly string[]>();

/** Some thousand names are looked at with each letter that somebody types. */
function wordsOf(name: string): readonly string[] {
  const held = known.get(name);
  if (held) return held;
  if (known.size >= MOST_KNOWN) known.clear();
  const found = words(name);
  known.set(name, found);
  return found;
}

/** How near the nearest of some names is: 0 called just so, 1 beginning so, 2 with it inside, 3 not at all. */
export function nearness(value: string): (names: readonly string[]) => number {
  const wanted = words(value);
  const whole = wanted.join('');
  return (names) => {
    const ranks = names.map((name) => {
      const spoken = wordsOf(name);
      const all = spoken.join('');
      if (all === whole) return 0;
      if (wanted.every((one) => spoken.some((word) => word.startsWith(one)))) return 1;
      return whole.length > 1 && all.includes(whole) ? 2 : 3;
    });
    return whole ? Math.min(3, ...ranks) : 3;
  };
}

/** Those with the nearest names, and none that are farther. */
export function called(value: string, named: readonly Named[]): string[] {
  const near = nearness(value);
  const ranked = named.map(([id, ...names]) => ({ id, rank: near(names) }));
  const least = Math.min(2, ...ranked.map(({ rank }) => rank));
  return ranked.filter(({ rank }) => rank === least).map(({ id }) => id);
}
