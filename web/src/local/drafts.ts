import { actingFor, read, write } from './db';
import type { Draft, Target } from './schema';
import { tabs } from './tabs';

export function allDrafts(): Promise<Draft[]> {
  return read(['drafts'], [] as Draft[], (tx) => tx.objectStore('drafts').getAll());
}

/** An empty text that answers nothing leaves no draft. */
export async function keepDraft(room: string, text: string, reply?: Target): Promise<void> {
  await write(['drafts'], async (tx) => {
    const drafts = tx.objectStore('drafts');
    if (text || reply) await drafts.put({ room, text, at: Date.now(), ...(reply ? { reply } : {}) });
    else await drafts.delete(room);
  });
  tabs.tell(actingFor(), { type: 'draft', room, text });
}

export function heldDraft(room: string): Promise<Draft | undefined> {
  return read(['drafts'], undefined as Draft | undefined, (tx) => tx.objectStore('drafts').get(room));
}
