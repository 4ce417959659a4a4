/** Small things that a browser remembers of itself, where it is let. */

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
