/** What a page has under way as it goes is brought to an end by those beside it: the next one may come days later. */
import { released } from '../lib/hold';
import { notedUnder } from '../lib/noted';
import { outbox } from './outbox';
import { LOCK, page, SOUND, WORDS } from './posting';

/** Pages that had something under way; once they are gone it is looked at what they left. */
const watched = new Set<string>();

addEventListener('storage', (event) => {
  const { key, newValue } = event as StorageEvent;
  if (newValue && (key?.startsWith(WORDS) || key?.startsWith(SOUND))) void watch(newValue);
});
// What was noted before this listened.
for (const note of [...notedUnder(WORDS), ...notedUnder(SOUND)]) void watch(note);
if (notedUnder(SOUND).length) void takeUpSound();

/** Without locks nobody can tell whether a page is still there, and the next one takes up what it left. */
async function watch(note: string): Promise<void> {
  const other = pageOf(note);
  if (!other || other === page || watched.has(other) || !globalThis.navigator.locks) return;
  watched.add(other);
  await released(LOCK + other).catch(() => undefined);
  watched.delete(other);
  await Promise.allSettled([outbox.takeUp(), notedUnder(SOUND).length && takeUpSound()]);
}

async function takeUpSound(): Promise<void> {
  await import('./speaking').then(({ takeUp }) => takeUp()).catch(() => undefined);
}

function pageOf(note: string): string {
  try {
    return (JSON.parse(note) as { page?: string }).page ?? '';
  } catch {
    return '';
  }
}
