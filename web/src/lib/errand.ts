/** Where somebody was going who first has to sign in, which may lead through the page of another site. */
const KEY = 'safevoice.errand';

/** Signing in wipes what the tab keeps. */
let held = '';

/** To be told of again after sign-in; '' keeps what was kept before. Of this tab only. */
export function keepErrand(to: string): void {
  held = to || held || stored();
  try {
    if (held) sessionStorage.setItem(KEY, held);
  } catch {
    // Private windows may refuse storage; it then lasts until the page closes.
  }
}

/** '' when there is none. Asking again finds nothing. */
export function takeErrand(): string {
  const to = held || stored();
  held = '';
  if (stored()) sessionStorage.removeItem(KEY);
  return to;
}

function stored(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}
