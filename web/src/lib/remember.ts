/** A choice that lasts on this device alone; '' where there is none, or nothing may be kept. */
export function remembered(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Private windows may refuse storage; it then lasts until the page closes.
  }
}
