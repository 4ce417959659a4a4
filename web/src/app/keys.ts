/** The keys of the app: one table, which both what listens and what tells of them are made from. */
import { calling, type Wish } from '../features/calls/calling.svelte';
import { asked } from '../features/messages/asked';
import { MESSAGE_KEYS } from '../features/messages/keys';
import { attention } from '../features/messages/attention.svelte';
import { rooms } from '../features/rooms/rooms.svelte';
import { searchBar } from '../features/search/bar.svelte';
import type { texts } from '../lib/i18n/areas/switcher';
import { isCovered, isPressed, isWriting, singleKeys } from '../lib/shortcut';
import { act } from '../ui/actions';
import { over } from './over.svelte';
import { beside } from './places';

export const GROUPS = ['everywhere', 'moving', 'room', 'message', 'writing', 'voice', 'call'] as const;

interface Key {
  group: (typeof GROUPS)[number];
  /** Any of these (see lib/shortcut). */
  keys: readonly string[];
  label: Extract<keyof typeof texts, `keys.${string}`>;
  /** false: nothing to do, and the browser may do what it does. Without it the part that has the focus listens itself,
   * and this only tells of it. */
  act?: (event: KeyboardEvent) => boolean;
  /** Also while somebody writes. One without Ctrl, Alt or a function key never is, nor is it heard at all by whoever
   * switched those off. */
  writing?: true;
}

/** By the name of an action, which says itself whether it can be done now. */
const doing = (id: string) => (): boolean => {
  void import('./offers').then(() => act(id), () => undefined);
  return true;
};

export const KEYS: readonly Key[] = [
  { group: 'everywhere', keys: ['Mod+K'], label: 'keys.switcher', writing: true, act: () => show('switcher') },
  { group: 'everywhere', keys: ['Mod+Shift+F'], label: 'keys.search', writing: true, act: doing('search') },
  { group: 'everywhere', keys: ['Mod+/', '?'], label: 'keys.help', writing: true, act: () => show('keys') },
  { group: 'everywhere', keys: ['Escape'], label: 'keys.close' },
  { group: 'everywhere', keys: ['F6', 'Shift+F6'], label: 'keys.parts', writing: true, act: nextPart },
  { group: 'everywhere', keys: ['Mod+Shift+U'], label: 'keys.catchup', writing: true, act: doing('catchup') },
  { group: 'everywhere', keys: ['Mod+Shift+2'], label: 'keys.mentions', writing: true, act: doing('mentions') },
  { group: 'everywhere', keys: ['Mod+Shift+E'], label: 'keys.people', writing: true, act: doing('people') },
  { group: 'everywhere', keys: ['Mod+,'], label: 'keys.settings', writing: true, act: doing('settings') },

  { group: 'moving', keys: ['Alt+ArrowUp'], label: 'keys.up', writing: true, act: () => beside(-1, false) },
  { group: 'moving', keys: ['Alt+ArrowDown'], label: 'keys.down', writing: true, act: () => beside(1, false) },
  { group: 'moving', keys: ['Alt+Shift+ArrowUp'], label: 'keys.upUnread', writing: true, act: () => beside(-1, true) },
  { group: 'moving', keys: ['Alt+Shift+ArrowDown'], label: 'keys.downUnread', writing: true, act: () => beside(1, true) },

  { group: 'room', keys: ['Escape'], label: 'keys.newest', writing: true, act: leaveOff },
  { group: 'room', keys: ['Mod+F'], label: 'keys.find', writing: true, act: find },
  { group: 'room', keys: ['Mod+Shift+M'], label: 'keys.read', writing: true, act: doing('read') },
  { group: 'room', keys: ['Mod+.'], label: 'keys.members', writing: true, act: doing('members') },
  { group: 'room', keys: ['PageUp'], label: 'keys.pageUp', writing: true, act: scroll },
  { group: 'room', keys: ['PageDown'], label: 'keys.pageDown', writing: true, act: scroll },

  ...MESSAGE_KEYS.map(({ keys, label }) => ({ group: 'message', keys, label }) as const),

  { group: 'writing', keys: ['Enter'], label: 'keys.send' },
  { group: 'writing', keys: ['Shift+Enter'], label: 'keys.line' },
  { group: 'writing', keys: ['ArrowUp'], label: 'keys.editLast' },
  { group: 'writing', keys: ['Escape'], label: 'keys.cancel' },

  { group: 'voice', keys: ['Space'], label: 'keys.hold' },
  { group: 'voice', keys: ['Enter'], label: 'keys.talk' },
  { group: 'voice', keys: ['Escape'], label: 'keys.discard' },

  { group: 'call', keys: ['Alt+A'], label: 'keys.answer', writing: true, act: inCall('answer') },
  { group: 'call', keys: ['Alt+M'], label: 'keys.mute', writing: true, act: inCall('mute') },
  { group: 'call', keys: ['Alt+H'], label: 'keys.hangUp', writing: true, act: inCall('end') },
  { group: 'call', keys: ['Escape'], label: 'keys.small' },
];

const plain = (keys: string): boolean => /^.$/.test(keys);

/** Every press on the page that nothing else has taken. */
export function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.key === 'Process') return;
  const writing = isWriting(event.target);
  const covered = isCovered();
  for (const { group, keys, act, writing: also } of KEYS) {
    const hit = act && keys.find((each) => isPressed(each, event));
    if (!hit || (writing && (!also || plain(hit))) || (plain(hit) && !singleKeys())) continue;
    // A call waits for nobody who has a dialog open.
    if (covered && group !== 'call' && !(over.shown && hit.startsWith('Mod+'))) continue;
    // Held down, a key that opens would close again, and the Escape that closes a dialog would go on to the room.
    if ((!event.repeat || /Arrow|Page/.test(hit)) && !act(event)) continue;
    event.preventDefault();
    return;
  }
  if (!writing && !covered) goOn(event);
}

function inCall(what: Wish): () => boolean {
  return () => calling.keys?.(what) ?? false;
}

/** The same keys again close it. */
function show(what: 'switcher' | 'keys'): boolean {
  over.shown = over.shown === what ? '' : what;
  return true;
}

/** Where it is open already, whoever asks again wants the browser's own. */
function find(event: KeyboardEvent): boolean {
  const room = rooms.get(rooms.current ?? '')?.room;
  if (!room || room.deleted_at) return false;
  const bar = document.querySelector('main search input');
  if (bar && bar === event.target) return false;
  if (bar instanceof HTMLInputElement) bar.focus();
  searchBar.room = room.id;
  return true;
}

/** The members first, since they may cover the conversation; then what one looks for; then up to the newest message,
 * which is all read. */
function leaveOff(): boolean {
  if (over.members) over.members = false;
  else if (searchBar.room) searchBar.room = '';
  else if (rooms.current) {
    void attention.markRead(rooms.current);
    asked.send('newest');
    field()?.focus();
  } else return false;
  return true;
}

/** From within the messages it is theirs (see features/messages/keys). */
function scroll(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!rooms.current || !(target instanceof HTMLElement) || target.closest('[role=log], nav, aside')) return false;
  // A long draft scrolls itself.
  if (target instanceof HTMLTextAreaElement && target.scrollHeight > target.clientHeight + 4) return false;
  asked.send(event.key as 'PageUp' | 'PageDown');
  return true;
}

const field = (): HTMLTextAreaElement | null => document.querySelector('main textarea');

/** A letter that is meant for nothing else goes into the message. */
function goOn(event: KeyboardEvent): void {
  if (!rooms.current || event.ctrlKey || event.metaKey || event.altKey || [...event.key].length !== 1 || event.key === ' ') return;
  field()?.focus();
}

const PARTS = ['.rings button', '.bar button, .call .controls button', '.side nav a[aria-current], .side nav a', 'main [role=log] [data-key][tabindex="0"]', 'main textarea', 'main aside button'];

function nextPart(event: KeyboardEvent): boolean {
  const parts = PARTS.flatMap((each) => document.querySelector<HTMLElement>(each) ?? []).filter((part) => part.checkVisibility());
  const focused = document.activeElement;
  const at = parts.findIndex((part) => part.closest('.rings, .bar, .call, .side nav, [role=log], form, aside')?.contains(focused));
  const next = parts[(at + (event.shiftKey ? -1 : 1) + parts.length) % parts.length];
  next?.focus();
  return next !== undefined;
}
