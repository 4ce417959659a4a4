export type Deed = 'next' | 'previous' | 'read' | 'open' | 'reply' | 'undo' | 'all';

const DEEDS: Readonly<Record<string, Deed>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  e: 'read',
  o: 'open',
  Enter: 'open',
  r: 'reply',
  z: 'undo',
  u: 'undo',
  E: 'all',
};

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'defaultPrevented' | 'isComposing' | 'repeat' | 'target'>;

/** What a key asks for on the page; null while somebody writes, chooses, or means the browser, for letters where
 * `letters` are switched off, and for what would happen again and again while a key is held. */
export function deedOf(event: Press, letters: boolean): Deed | null {
  const deed = meantBy(event);
  if (!letters && event.key.length === 1 && !event.ctrlKey && !event.metaKey) return null;
  return event.repeat && deed !== 'next' && deed !== 'previous' ? null : deed;
}

function meantBy(event: Press): Deed | null {
  if (event.defaultPrevented || event.isComposing || event.altKey) return null;
  const element = event.target && 'closest' in event.target ? (event.target as Element) : null;
  if (element?.closest('input, textarea, select, dialog, [popover], [contenteditable]')) return null;
  const taken = event.key === 'Enter' || event.key.startsWith('Arrow');
  if (taken && element?.closest('button, a, summary, [role="menu"]')) return null;
  if (event.ctrlKey || event.metaKey) return event.key === 'z' && !event.shiftKey ? 'undo' : null;
  const key = event.shiftKey && event.key.toLowerCase() === 'e' ? 'E' : event.key;
  return (event.shiftKey && key !== 'E') || (!event.shiftKey && key === 'E') ? null : (DEEDS[key] ?? null);
}
