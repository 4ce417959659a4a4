/** Keys by name: `Mod+Shift+M`, `Alt+ArrowUp`, `R`, `?`. `Mod` is Cmd on a Mac and Ctrl elsewhere. */
import { t } from './i18n';
import { note, noted } from './noted';

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

export const isMac = (agent: string = globalThis.navigator?.userAgent ?? ''): boolean => /mac|iphone|ipad/i.test(agent);

/** Whether these keys were pressed, and no others. */
export function isPressed(keys: string, event: Pressed, mac: boolean = isMac()): boolean {
  const parts = keys.split('+');
  const key = parts.pop() ?? '';
  const mod = parts.includes('Mod');
  const wants = { ctrl: mod && !mac, meta: mod && mac, alt: parts.includes('Alt'), shift: parts.includes('Shift') };
  if (event.ctrlKey !== wants.ctrl || event.metaKey !== wants.meta || event.altKey !== wants.alt) return false;
  // Which sign needs Shift depends on the keyboard; the sign itself is what was meant.
  const sign = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!sign && event.shiftKey !== wants.shift) return false;
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  // With Shift a digit is another sign, and on a Mac Alt writes one; the key is still the same.
  return (/^\d$/.test(key) && event.code === `Digit${key}`) || (wants.alt && event.code === `Key${key}`);
}

const SHOWN: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
};
const ON_MAC: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↵', Delete: '⌫' };

/** In words, and so in one's language. */
const NAMED = { Mod: 'key.ctrl', Shift: 'key.shift', Space: 'key.space' } as const;

/** What stands on the keys, one by one. */
export function shownAs(keys: string, mac: boolean = isMac()): string[] {
  const named = (key: string): string => (key in NAMED ? t(NAMED[key as keyof typeof NAMED]) : key);
  return keys.split('+').map((key) => (mac && ON_MAC[key]) || SHOWN[key] || named(key));
}

/** For screen readers, as ARIA wants it. */
export function ariaKeys(keys: string, mac: boolean = isMac()): string {
  return keys.replace('Mod', mac ? 'Meta' : 'Control');
}

/** A key of an input method. In Safari the Enter that ends a word comes after the composing is over; what tells it
 * apart is only its code. */
export function isComposing({ isComposing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return isComposing || keyCode === 229;
}

/** Somebody writes there; a key is a letter to them, and no command. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range', 'file', 'color'].includes(target.type);
}

/** A dialog, a menu or a panel lies over the page: keys mean that, even where nothing in it has the focus. */
export const isCovered = (): boolean => document.querySelector('dialog[open], :popover-open') !== null;

const KEY = 'safevoice.keys';

/** Keys without Ctrl or Alt are in the way of whoever speaks to the computer; they can be switched off. */
export function singleKeys(): boolean {
  return noted(KEY) !== 'off';
}

export function chooseSingleKeys(on: boolean): void {
  note(KEY, on ? '' : 'off');
}
