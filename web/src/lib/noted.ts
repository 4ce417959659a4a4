/** Small things that a browser remembers of itself, where it is let. */

/** Keys that begin so are of whoever is signed in, and go when they go. */
export const MINE = 'safevoice.my.';

/** '' for nothing. */
export function noted(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** '' forgets it. */
export function note(key: string, value: string): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

/** What stands under all keys that begin so. */
export function notedUnder(prefix: string): string[] {
  try {
    return Object.keys(localStorage).flatMap((key) => (key.startsWith(prefix) ? (localStorage.getItem(key) ?? []) : []));
  } catch {
    return [];
  }
}

/** Nothing that is somebody's own stays. */
export function forgetMine(): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(MINE)) localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
