/** Web Locks that tabs share: each sees what any of them holds, and a lock goes with its tab. */

/** Held until the returned function is called; does nothing where the browser has no locks. */
export function hold(name: string): () => void {
  let release = (): void => undefined;
  const until = new Promise<void>((done) => (release = done));
  void globalThis.navigator?.locks?.request(name, { mode: 'shared' }, () => until).catch(() => undefined);
  return release;
}

/** What of the locks that begin with `prefix` comes after it; those that any tab holds now. One that is merely waiting
 * to be `released` has it alone for a moment. */
export async function holding(prefix: string): Promise<string[]> {
  const found = await globalThis.navigator?.locks?.query().catch(() => null);
  const names = (found?.held ?? []).filter(({ mode }) => mode !== 'exclusive').map(({ name = '' }) => name);
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** Resolves once no tab holds it any more; a page that is loaded anew lets go a moment after the next one has begun. */
export async function released(name: string): Promise<void> {
  await globalThis.navigator?.locks?.request(name, () => undefined);
}
