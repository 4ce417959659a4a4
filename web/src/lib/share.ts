/** Hands something to whatever its owner writes with, where the browser can. */

export function canShare(sheet: ShareData): boolean {
  return typeof navigator.canShare === 'function' && navigator.canShare(sheet);
}

export async function share(sheet: ShareData): Promise<void> {
  try {
    await navigator.share(sheet);
  } catch {
    // Put away: nothing was to be sent.
  }
}
