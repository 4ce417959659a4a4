/** Where somebody was going who first has to sign in, which may lead through the page of another site. */
const KEY = 'safevoice.errand';

/** For this tab only. */
export function keepErrand(to: string): void {
  try {
    sessionStorage.setItem(KEY, to);
  } catch {
    // Private windows may refuse storage; the link then has to be opened again.
  }
}

/** '' when there is none. Asking again finds nothing. */
export function takeErrand(): string {
  try {
    const kept = sessionStorage.getItem(KEY) ?? '';
    sessionStorage.removeItem(KEY);
    return kept;
  } catch {
    return '';
  }
}
