/** The keys of the messages, for whoever has the focus on one of them; loaded once a conversation is on screen. */
import { tick } from 'svelte';
import type { texts } from '../../lib/i18n/areas/switcher';
import { isPressed, singleKeys } from '../../lib/shortcut';
import type { RoomEntry } from '../rooms/rooms.svelte';
import { actionsOf } from './menu';
import type { Row } from './rows';
import type { Scroll } from './scroll.svelte';
import type { Item } from './timeline.svelte';

/** Where the keys are heard. */
export interface Conversation {
  entry: RoomEntry;
  rows: readonly Row[];
  scroll: Scroll;
  list: HTMLElement | undefined;
  hold: (item: Item) => void;
  newest: () => Promise<void>;
  /** The row with this key is the one that Tab leads to. */
  focused: (key: string) => void;
}

interface MessageKey {
  keys: readonly string[];
  label: Extract<keyof typeof texts, `keys.${string}`>;
  /** One of the actions that every message offers (see `actions.ts`). */
  action?: string;
  act?: (on: Conversation, index: number, event: KeyboardEvent) => void;
}

export const MESSAGE_KEYS: readonly MessageKey[] = [
  {
    keys: ['ArrowUp', 'ArrowDown'],
    label: 'keys.before',
    act: (on, index, event) => void focus(on, index + (event.key === 'ArrowUp' ? -1 : 1)),
  },
  { keys: ['PageUp', 'PageDown'], label: 'keys.far', act: far },
  { keys: ['Home', 'End'], label: 'keys.ends', act: (on, _, event) => void toEnd(on, event.key === 'End') },
  { keys: ['Enter'], label: 'keys.more', act: (on, index) => more(on, index) },
  { keys: ['R'], label: 'keys.reply', action: 'reply' },
  { keys: ['E'], label: 'keys.edit', action: 'edit' },
  { keys: ['C', 'Mod+C'], label: 'keys.copy', action: 'copy' },
  { keys: ['L'], label: 'keys.link', action: 'link' },
  { keys: ['Delete', 'Backspace'], label: 'keys.delete', action: 'delete' },
];

/** A press somewhere in the messages. */
export function pressed(on: Conversation, event: KeyboardEvent): void {
  const key = event.target instanceof HTMLElement ? event.target.dataset.key : undefined;
  const index = on.rows.findIndex((row) => row.item.key === key);
  if (index >= 0 && !event.isComposing && taken(on, index, event)) event.preventDefault();
}

function taken(on: Conversation, index: number, event: KeyboardEvent): boolean {
  for (const { keys, action, act } of MESSAGE_KEYS) {
    const hit = keys.find((each) => isPressed(each, event));
    if (!hit || (hit.length === 1 && !singleKeys())) continue;
    // Words that somebody has marked are what they want to copy.
    if (hit === 'Mod+C' && String(getSelection())) return false;
    if (act) act(on, index, event);
    else if (!perform(on, index, action ?? '')) return false;
    return true;
  }
  return false;
}

/** One of the actions that the message offers; false: it does not. `only` looks whether it does. */
export function perform(on: Pick<Conversation, 'entry' | 'rows'>, index: number, id: string, only = false): boolean {
  const row = on.rows[index];
  const found = row && !row.folded.length && actionsOf(on.entry, row.item).find((each) => each.id === id);
  if (found && !only) found.act();
  return !!found;
}

function more({ rows, hold }: Conversation, index: number): void {
  const row = rows[index];
  if (row?.item.text && !row.folded.length) hold(row.item);
}

/** Tab came to the list itself, as the row that it leads to is not drawn here: on to the lowest one in sight. */
export function enter(on: Conversation): void {
  const { handle } = on.scroll;
  if (handle) void focus(on, handle.findItemIndex(handle.getScrollOffset() + handle.getViewportSize() * 0.9));
}

/** As far as one sees, less a line to go on reading by. */
function far(on: Conversation, index: number, event: KeyboardEvent): void {
  const { handle } = on.scroll;
  if (!handle) return;
  const step = (event.key === 'PageUp' ? -1 : 1) * handle.getViewportSize() * 0.9;
  const to = handle.findItemIndex(handle.getItemOffset(index) + step);
  void focus(on, to === index ? index + Math.sign(step) : to);
}

/** A row that is far away is drawn, and measured, some frames after one has scrolled there. */
const PATIENCE = 60;
/** Counts presses: the last one leads. */
let turn = 0;

/** Brings the row on screen and gives it the focus. */
async function focus({ rows, scroll, list, focused }: Conversation, index: number): Promise<void> {
  const row = rows[index];
  if (!row) return;
  const { key } = row.item;
  const mine = ++turn;
  const from = document.activeElement;
  focused(key);
  scroll.handle?.scrollToIndex(index, { align: 'nearest' });
  await tick();
  let frames = PATIENCE;
  const look = (): void => {
    const now = document.activeElement;
    // They went elsewhere. A row that is not drawn any more leaves the focus to the page.
    const stays = now === from || now === document.body || list?.contains(now);
    if (mine !== turn || !stays) return;
    const found = list?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    found?.focus({ preventScroll: true });
    // What is not measured yet is hidden, and takes no focus.
    if (document.activeElement !== found && --frames > 0) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function toEnd(on: Conversation, last: boolean): Promise<void> {
  if (last) await on.newest();
  await focus(on, last ? on.rows.length - 1 : 0);
}
