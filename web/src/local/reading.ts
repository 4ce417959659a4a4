import { noteRead } from './kept';
import { writer } from './writer';

const LOCK = 'safevoice-reading:';

let current = '';
let release = (): void => undefined;

/** The room on screen in this tab, or none. Other tabs see it by its lock, which goes with the tab. */
export function reading(room: string | null): void {
  release();
  current = room ?? '';
  if (!room) return;
  writer.add((tx) => noteRead(tx, room, Date.now()));
  const shown = new Promise<void>((done) => (release = done));
  void globalThis.navigator?.locks?.request(LOCK + room, { mode: 'shared' }, () => shown).catch(() => undefined);
}

/** The rooms on screen in any tab. */
export async function roomsOnScreen(): Promise<Set<string>> {
  const found = await globalThis.navigator?.locks?.query().catch(() => null);
  const names = (found?.held ?? []).map((lock) => lock.name ?? '').filter((name) => name.startsWith(LOCK));
  return new Set([current, ...names.map((name) => name.slice(LOCK.length))]);
}
