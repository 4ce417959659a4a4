import { actingFor, read, write } from './db';
import type { Draft } from './schema';
import { tabs } from './tabs';

export function allDrafts(): Promise<Draft[]> {
  return read(['drafts'], [] as Draft[], (tx) => tx.objectStore('drafts').getAll());
}

/** An empty text leaves no draft. */
export async function keepDraft(room: string, text: string): Promise<void> {
  await write(['drafts'], async (tx) => {
    const drafts = tx.objectStore('drafts');
    if (text) await drafts.put({ room, text, at: Date.now() });
    else await drafts.delete(room);
  });
  tabs.tell(actingFor(), { type: 'draft', room, text });
}

export function heldDraft(room: string): Promise<Draft | undefined> {
  return read(['drafts'], undefined as Draft | undefined, (tx) => tx.objectStore('drafts').get(room));
}
