/**
 * Milliseconds to wait before try number `tries` (0 is the first): exponential with full jitter, so that a
 * thousand clients that lost the same server do not come back in the same moment.
 */
export function backoff(tries: number, base = 500, cap = 30_000, random: () => number = Math.random): number {
  return random() * Math.min(cap, base * 2 ** Math.min(tries, 20));
}
