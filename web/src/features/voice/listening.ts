/** All that a page needs that nobody talks to, and on which nobody talks: the rest is fetched when it is needed. */
import { insist } from '../../lib/fetched';
// What other pages sent or let go, and could not bring to an end.
import '../../local/beside';
import { actingFor, read } from '../../local/db';
import { sync } from '../../local/sync';
import { tabs } from '../../local/tabs';
import { writer } from '../../local/writer';

sync.changes.on((change) => {
  if (change.type === 'gone') return sweep();
  if (change.type === 'event' && change.event.op === 'message' && !change.event.message.content) return sweep();
  if (change.type !== 'passing' || change.event.op !== 'talk_begun') return;
  const { event } = change;
  void import('./listener.svelte').then(({ listener }) => listener.begun(event), () => undefined);
});

// What was being said as another page went: that may be a while ago, or now, beside this page.
function look(): void {
  if (document.visibilityState === 'hidden') return;
  void read(['recordings'], 0, (tx) => tx.objectStore('recordings').count())
    .then(async (some) => void (some && (await insist(() => import('./interrupted.svelte'))).offered.look()))
    .catch(() => undefined);
}
// Heard before it is looked at: what begins meanwhile is one or the other.
tabs.heard.on(({ account, word }) => word.type === 'speaking' && account === actingFor() && look());
document.addEventListener('visibilitychange', look);
look();

/** Once the disk knows what is gone: also what went while no page was open. */
function sweep(): void {
  void Promise.all([import('./sounds'), writer.idle()]).then(([sounds]) => sounds.sweep()).catch(() => undefined);
}
sweep();
