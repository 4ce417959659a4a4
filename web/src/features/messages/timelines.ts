import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';
import { sync } from '../../local/sync';
import { people } from '../people/people.svelte';
import { Timeline } from './timeline.svelte';

/** Of the rooms that one left, so many open without asking the disk. */
const MOST = 8;

/** Used least recently first. */
const timelines = new Map<string, Timeline>();

export function timelineOf(roomId: string): Timeline {
  const known = timelines.get(roomId);
  const timeline = known ?? new Timeline(roomId);
  timelines.delete(roomId);
  timelines.set(roomId, timeline);
  if (!known) letGo();
  return timeline;
}

/** In memory now; for tests. */
export const timelinesKept = (): number => timelines.size;

function letGo(): void {
  for (const [room, timeline] of timelines) {
    if (timelines.size <= MOST) return;
    if (timeline.shown) continue;
    timelines.delete(room);
    timeline.gone();
  }
}

globalThis.document?.addEventListener('visibilitychange', () => timelines.forEach((timeline) => timeline.seen.turned()));
forget.on(() => {
  for (const timeline of timelines.values()) timeline.gone();
  timelines.clear();
});
people.changed.on(() => timelines.forEach((timeline) => timeline.redraw()));
outbox.changed.on(() => timelines.forEach((timeline) => timeline.redraw()));
outbox.acked.on(({ message }) => {
  if (message) timelines.get(message.room)?.heard(message);
});
sync.changes.on((change) => {
  if (change.type === 'event' && change.event.op === 'message') timelines.get(change.event.log)?.heard(change.event.message);
  if (change.type === 'event' && change.event.op === 'left') timelines.get(change.event.room)?.gone();
  if (change.type === 'reset') void timelines.get(change.room)?.reset();
  if (change.type === 'gone') timelines.get(change.room)?.gone();
  if (change.type === 'settled' && change.welcome) timelines.forEach((timeline) => void timeline.online());
});
