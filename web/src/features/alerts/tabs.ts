/** Longer than the same event can take to reach all tabs, in ms. */
const HELD = 4000;
/** A tab that somebody looks at goes first. */
const BEHIND = 250;

/** Whether this tab is the one of all of this browser's to act on something; `locks` where the browser has them. */
export async function claim(
  what: string,
  locks: Pick<LockManager, 'request'> | undefined = globalThis.navigator?.locks,
): Promise<boolean> {
  if (document.visibilityState !== 'visible') await pause(BEHIND);
  if (!locks) return document.visibilityState === 'visible';
  return new Promise((decide) => {
    void locks.request(`safevoice-alert-${what}`, { ifAvailable: true }, (lock) => {
      decide(lock !== null);
      return lock ? pause(HELD) : undefined;
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
