import { hold, holding } from '../lib/hold';
import { noteRead } from './kept';
import { writer } from './writer';

const LOCK = 'safevoice-reading:';
/** What is read for the screen waits for what is being written, and nobody waits for this, in ms. */
const NOTED_AFTER = 1000;

let current = '';
let release = (): void => undefined;

/** The room on screen in this tab, or none. Other tabs see it by its lock. */
export function reading(room: string | null): void {
  release();
  current = room ?? '';
  if (!room) return;
  const at = Date.now();
  setTimeout(() => writer.add((tx) => noteRead(tx, room, at)), NOTED_AFTER);
  release = hold(LOCK + room);
}

/** The rooms on screen in any tab. */
export async function roomsOnScreen(): Promise<Set<string>> {
  return new Set([current, ...(await holding(LOCK))]);
}
