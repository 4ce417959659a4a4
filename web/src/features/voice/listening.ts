/** All that a page needs that nobody talks to, and on which nobody talks: the rest is fetched when it is needed. */
import { MINE, notedUnder } from '../../lib/noted';
import { sync } from '../../local/sync';

sync.changes.on((change) => {
  if (change.type !== 'passing' || change.event.op !== 'talk_begun') return;
  const { event } = change;
  void import('./listener.svelte').then(({ listener }) => listener.begun(event), () => undefined);
});

// What another page let go, and could not bring to an end.
if (notedUnder(`${MINE}speaking.`).length) void import('../../local/speaking').then(({ takeUp }) => takeUp(), () => undefined);
