/** Less than half of a frame: the rest of it belongs to drawing, and to whoever types. */
const SPELL = 6;

/** For long work in small steps: awaited between them it lets the browser do other things, once there was no time for
 * them for a while. */
export function breath(spell = SPELL, clock: () => number = () => performance.now()): () => Promise<void> | undefined {
  let since = clock();
  return () => {
    if (clock() - since < spell) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        since = clock();
        resolve();
      });
    });
  };
}
