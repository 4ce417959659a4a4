import type { Attachment } from 'svelte/attachments';
import { stepped } from './history';

/** How far lists were scrolled, by what they are. */
const kept = new Map<string, number>();

/** Whoever comes back to a list finds it where they left it, also if it has to load first or was out of sight. */
export function keepsScroll(key: string): Attachment<HTMLElement> {
  return (element) => {
    let wanted = stepped() ? (kept.get(key) ?? 0) : 0;
    const settle = (): void => {
      // What is not displayed forgets where it stood, in some browsers.
      if (!element.clientHeight) wanted = kept.get(key) ?? 0;
      else if (wanted) element.scrollTop = wanted;
      if (element.scrollTop >= wanted) wanted = 0;
    };
    const give = (): number => (wanted = 0);
    const moved = (): void => {
      if (element.clientHeight && !wanted) kept.set(key, element.scrollTop);
    };
    const grown = new ResizeObserver(settle);
    grown.observe(element);
    for (const child of element.children) grown.observe(child);
    element.addEventListener('scroll', moved, { passive: true });
    const hands = ['wheel', 'touchstart', 'keydown'] as const;
    for (const hand of hands) element.addEventListener(hand, give, { passive: true });
    return () => {
      grown.disconnect();
      element.removeEventListener('scroll', moved);
      for (const hand of hands) element.removeEventListener(hand, give);
    };
  };
}
