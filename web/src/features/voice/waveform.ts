/** How loud something was, as a message carries it: up to 64 bytes, each an equal part of it. */

export const MOST_LEVELS = 64;
/** Quieter than this next to the loudest is silence to the eye. */
const FLOOR = 0.04;

/** So loud is somebody who speaks near a microphone (-41 dB); so many steps of 50 ms are more than a cough. */
const VOICE = 0.08;
const LEAST = 4;

/** Whether somebody spoke. */
export const spoken = (levels: readonly number[]): boolean => levels.filter((level) => level > VOICE).length >= LEAST;

/** `levels`: loudness at equal steps, 0 to 1, however many. */
export function packed(levels: readonly number[]): string {
  const wanted = Math.max(1, Math.min(MOST_LEVELS, levels.length));
  const found = stretched(levels.length ? levels : [0], wanted);
  const loudest = Math.max(...found, 0.02);
  return btoa(String.fromCharCode(...found.map((level) => Math.round((Math.min(1, level / loudest)) * 255))));
}

/** `count` bars of 0 to 1; flat where what came is not what it should be. */
export function unpacked(waveform: string, count: number): number[] {
  let levels: number[] = [];
  try {
    levels = [...atob(waveform)].map((byte) => byte.charCodeAt(0) / 255);
  } catch {
    // Somebody else's client.
  }
  return stretched(levels.length ? levels : [0], count).map((level) => Math.max(FLOOR, level));
}

/** The loudest of each part where there are more than wanted; each repeated where there are fewer. */
function stretched(levels: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((at + 1) * levels.length) / count));
    return Math.max(...levels.slice(from, to));
  });
}
