/** What the composer's button does while nothing is written; loaded with the first press. */
import { insist } from '../../lib/fetched';
import { holding } from './holding.svelte';

export { holding } from './holding.svelte';
export { default as RecordingBar } from './RecordingBar.svelte';

export function hold(event: Event, button: HTMLElement, room: string): void {
  if (holding.phase === 'locked' && holding.room === room) return void holding.finish();
  // It went from the screen while this was loading, and with it what shows that one is recorded.
  if (!button.isConnected) return;
  if (event instanceof KeyboardEvent) holding.key(event, button, room);
  else if (event.type === 'pointerdown') holding.press(event as PointerEvent, button, room);
  // A screen reader's press has no hand that could hold.
  else holding.toggle(room);
}

/** What is about to be shown; there may be no network then. */
void insist(() => import('./VoiceNote.svelte'));
