/** How a person or room without a picture looks: a colour and letters, the same on every screen. */

/** Closer hues cannot be told apart at the size of an avatar. */
export const HUES = 24;

/** FNV-1a, then times the golden ratio: names that are nearly the same land far apart on the wheel. */
function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash, 0x9e3779b1) >>> 0;
}

/** The hue in degrees (oklch) that belongs to `name`. */
export function hueOf(name: string): number {
  return Math.floor((spread(name.toLowerCase()) / 2 ** 32) * HUES) * (360 / HUES);
}

/** Whether the avatar of `name` is the fuller of the two tones of its hue. */
export function isDeep(name: string): boolean {
  return (spread(name.toLowerCase()) & 0x100000) > 0;
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

/** Where the picture of a person or room is; '' when there is none. */
export function pictureOf(id: string | undefined): string {
  return id ? `/api/pictures/${id}` : '';
}
