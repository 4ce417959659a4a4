/** Movements that CSS alone cannot tell: where something was before it is where it is now. */

const calm = globalThis.matchMedia?.('(prefers-reduced-motion: reduce)');
const SMOOTH = { duration: 180, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' };
/** Of a list: what is further down is not in sight. */
const MOST = 40;

/** Whether anything may move. */
export const moves = (): boolean => calm !== undefined && !calm.matches;

const running = new WeakMap<Element, Animation>();

function play(element: Element, frames: Keyframe[]): void {
  // Whoever is quicker than a movement does not wait for it.
  running.get(element)?.cancel();
  running.set(element, element.animate(frames, SMOOTH));
}

/** A page in the direction of travel. `way`: 1 for deeper, -1 for back, 0 for neither. */
export function travel(page: HTMLElement, way: number): void {
  if (!way || !moves()) return;
  const ahead = getComputedStyle(page).direction === 'rtl' ? -1 : 1;
  play(page, [{ opacity: 0.4, transform: `translateX(${way * ahead * 1.5}rem)` }, { opacity: 1, transform: 'none' }]);
}

/** Where the rows of a list are; call what comes back once they are where they will be. */
export function glide(list: HTMLElement): () => void {
  // To measure what nobody sees costs as much as the page.
  if (!moves() || !list.checkVisibility()) return () => undefined;
  const rows = [...list.children].slice(0, MOST);
  const before = new Map(rows.map((row) => [row, row.getBoundingClientRect().top]));
  return () => {
    for (const row of [...list.children].slice(0, MOST)) {
      const by = (before.get(row) ?? NaN) - row.getBoundingClientRect().top;
      if (Math.abs(by) >= 1) play(row, [{ transform: `translateY(${by}px)` }, { transform: 'none' }]);
    }
  };
}
