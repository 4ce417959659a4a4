const keepers: (() => Promise<unknown>)[] = [];

/** What has to be on disk before this page is loaded anew. */
export function beforeLeaving(keep: () => Promise<unknown>): void {
  keepers.push(keep);
}

const reasons: (() => boolean)[] = [];

/** As long as it says so, this page is not loaded anew unasked. */
export function stayWhile(busy: () => boolean): void {
  reasons.push(busy);
}

export const busy = (): boolean => reasons.some((each) => each());

/** Load the page anew, with everything that somebody wrote kept; what cannot be kept must not hold it up for ever. */
export async function loadAnew(): Promise<void> {
  const kept = Promise.allSettled(keepers.map((keep) => keep()));
  await Promise.race([kept, new Promise((done) => setTimeout(done, 3000))]);
  location.reload();
}
