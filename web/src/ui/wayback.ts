import { tick } from 'svelte';

const REACHED = 'a[href], button:not(:disabled), [tabindex="0"]';

/** Remembers where the focus is. What it returns gives it back; where that place is gone, to the nearest that is left. */
export function wayBack(): () => void {
  const from = document.activeElement;
  const around: Element[] = [];
  for (let each = from; each && each !== document.body; each = each.parentElement) around.push(each);
  return () => {
    if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    // It may go in the very moment in which somebody comes back to it.
    void tick().then(() => {
      const holder = document.activeElement;
      if (holder && holder !== document.body) return;
      const near = around.filter((each) => each.isConnected).flatMap((each) => [...each.querySelectorAll<HTMLElement>(REACHED)]);
      const next = near.find((each) => each.checkVisibility()) ?? document.querySelector('main');
      next?.focus({ preventScroll: true });
    });
  };
}
