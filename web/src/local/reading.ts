import { hold, holding } from '../lib/hold';
import { noteRead } from './kept';
import { writer } from './writer';

const LOCK = 'safevoice-reading:';

let current = '';
let release = (): void => undefined;

/** The room on screen in this tab, or none. Other tabs see it by its lock. */
export function reading(room: string | null): void {
  release();
  current = room ?? '';
  if (!room) return;
  writer.add((tx) => noteRead(tx, room, Date.now()));
  release = hold(LOCK + room);
}

/** The rooms on screen in any tab. */
export async function roomsOnScreen(): Promise<Set<string>> {
  return new Set([current, ...(await holding(LOCK))]);
}
