import { insist } from '../../lib/fetched';
import { sync, type Passing } from '../../local/sync';
import { connection } from '../connection.svelte';
import { calling } from './calling.svelte';

/** All that a page needs that is in no call: who hears of one has the rest fetched. */

const OF_CALLS = new Set<Passing['op']>(['call', 'calls', 'call_peer', 'call_signal', 'call_taken']);

/** One promise for all: so what is heard stays in its order. */
let rest: Promise<typeof import('./calls.svelte')> | null = null;

function tell(event: Passing): void {
  // Nothing rings, and nothing did.
  if (!rest && !calling.on && event.op === 'calls' && !event.calls.length) return;
  rest ??= insist(() => import('./calls.svelte'));
  void rest.then(({ calls }) => calls.hear(event));
}

sync.changes.on((change) => {
  if (change.type === 'settled' && change.welcome) connection.tell({ op: 'ask_calls' });
  if (change.type === 'passing' && OF_CALLS.has(change.event.op)) tell(change.event);
});
// This came after the first sight, and the welcome often before.
connection.tell({ op: 'ask_calls' });
