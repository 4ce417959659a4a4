/** All that a page needs that nobody talks to: whoever does has the rest fetched. */
import { sync } from '../../local/sync';

sync.changes.on((change) => {
  if (change.type !== 'passing' || change.event.op !== 'talk_begun') return;
  const { event } = change;
  void import('./listener.svelte').then(({ listener }) => listener.begun(event), () => undefined);
});
