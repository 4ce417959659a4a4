/**
 * The first sight: what somebody opened is on screen. Whatever nobody waits for comes after it, because until then it
 * would take line and time from what they do wait for.
 */

/** Should what was opened not come, in ms. */
const AT_LAST = 3000;

let done = false;
let tell = (): void => undefined;
const seen = new Promise<void>((resolve) => (tell = resolve));
globalThis.setTimeout(() => arrive(), AT_LAST);

/** What was opened is there; the browser draws it with the next frame. */
export function sighted(): void {
  if (done) return;
  done = true;
  requestAnimationFrame(() => setTimeout(arrive));
}

function arrive(): void {
  done = true;
  tell();
}

/** What was opened is there, or did not come. */
export const isSighted = (): boolean => done;

/** Resolves once, after the first sight was drawn. */
export const firstSight: Promise<void> = seen;
