/** How a person or room without a picture looks: a colour and letters, the same on every screen. */

/** Text of this lightness on a ground of `GROUND_L` reaches AA (4.5:1) at every hue used here. */
const HUES = [14, 38, 62, 96, 134, 162, 190, 216, 244, 272, 300, 330] as const;

/** FNV-1a: short names that differ in one letter land far apart. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** The hue in degrees (oklch) that belongs to `name`. */
export function hueOf(name: string): number {
  return HUES[spread(name.toLowerCase()) % HUES.length] ?? 14;
}

/** One or two letters to stand for `title`; whole characters, so an emoji is never cut in half. */
export function initialsOf(title: string): string {
  const words = title
    .replace(/^[#@\s]+/u, '')
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const firstOf = (word: string | undefined): string => [...(word ?? '')][0] ?? '';
  const first = firstOf(words[0]);
  const last = words.length > 1 ? firstOf(words[words.length - 1]) : '';
  return (first + last).toLocaleUpperCase() || '?';
}
