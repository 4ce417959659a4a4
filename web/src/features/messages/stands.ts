import { actingFor } from '../../local/db';
import { forget } from '../../local/owner';

/** Where somebody stopped reading further up in a room: which message was at the top, and how much of it was above. */
export interface Stand {
  id: string;
  offset: number;
}

const KEY = 'safevoice.stands';

/** Rooms in which one stood, the last one last. Of this tab only, like the place itself. */
let stands: Map<string, Stand> | null = null;

forget.on(() => {
  stands = null;
  // Whoever signs out does so in one tab; the others have this as well.
  globalThis.sessionStorage?.removeItem(KEY);
});

function all(): Map<string, Stand> {
  if (stands) return stands;
  try {
    return (stands = new Map(JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as [string, Stand][]));
  } catch {
    return (stands = new Map());
  }
}

export function standIn(room: string): Stand | undefined {
  return all().get(room);
}

/** null: at the end, where everybody begins. */
export function stand(room: string, at: Stand | null): void {
  // A room that closes because its reader has left has nothing to tell the next one.
  if (!actingFor()) return;
  const held = all();
  if (!at && !held.has(room)) return;
  held.delete(room);
  if (at) held.set(room, at);
  try {
    if (held.size) sessionStorage.setItem(KEY, JSON.stringify([...held].slice(-50)));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Private windows may refuse storage; it then lasts until the page closes.
  }
}
