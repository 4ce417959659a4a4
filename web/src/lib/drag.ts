/** Fingers that drag something: told from a tap, from a scroll across, and from one another. */

/** Something that follows a finger. Distances in px along the axis, from where the finger began; to the right and down
 * they are positive. */
export interface Grip {
  moved: (by: number) => void;
  /** The finger is gone; `speed` in px a millisecond. (0, 0): the browser wanted it for something else. */
  ended: (by: number, speed: number) => void;
}

/** So far a finger wanders that only taps. */
const SLACK_PX = 10;
/** It has to go along much more than across. */
const STEEP = 1.4;

/** `begin` is asked once the finger goes somewhere, with +1 or -1 for which way; null leaves it alone. CSS has to keep
 * the browser from scrolling along that axis (`touch-action`); listeners are passive, so scrolling never waits. */
export function drags(element: HTMLElement, axis: 'x' | 'y', begin: (down: PointerEvent, way: 1 | -1) => Grip | null): () => void {
  let down: PointerEvent | null = null;
  let grip: Grip | null = null;
  let [at, when, speed] = [0, 0, 0];

  const along = (event: PointerEvent): number => (axis === 'x' ? event.clientX : event.clientY);
  const across = (event: PointerEvent): number => (axis === 'x' ? event.clientY : event.clientX);
  const give = (by: number, fast: number): void => {
    const held = grip;
    down = grip = null;
    held?.ended(by, fast);
  };

  function pressed(event: PointerEvent): void {
    if (event.pointerType === 'mouse') return;
    // A second finger wants something else.
    if (down) return give(0, 0);
    down = event;
    [at, when, speed] = [along(event), event.timeStamp, 0];
  }

  function moved(event: PointerEvent): void {
    if (!down || event.pointerId !== down.pointerId) return;
    const by = along(event) - along(down);
    if (!grip) {
      const aside = Math.abs(across(event) - across(down));
      if (Math.max(Math.abs(by), aside) < SLACK_PX) return;
      grip = Math.abs(by) > aside * STEEP ? begin(down, by > 0 ? 1 : -1) : null;
      if (!grip) return void (down = null);
      // Wherever it goes from here, it is ours.
      element.setPointerCapture(event.pointerId);
    }
    if (event.timeStamp > when) speed = (along(event) - at) / (event.timeStamp - when);
    [at, when] = [along(event), event.timeStamp];
    grip.moved(by);
  }

  function lifted(event: PointerEvent): void {
    if (!down || event.pointerId !== down.pointerId) return;
    // A finger that rests before it lifts throws nothing.
    const still = event.timeStamp - when > 80;
    give(event.type === 'pointerup' ? along(event) - along(down) : 0, event.type === 'pointerup' && !still ? speed : 0);
  }

  const passive = { passive: true };
  element.addEventListener('pointerdown', pressed, passive);
  element.addEventListener('pointermove', moved, passive);
  element.addEventListener('pointerup', lifted, passive);
  element.addEventListener('pointercancel', lifted, passive);
  return () => {
    give(0, 0);
    element.removeEventListener('pointerdown', pressed);
    element.removeEventListener('pointermove', moved);
    element.removeEventListener('pointerup', lifted);
    element.removeEventListener('pointercancel', lifted);
  };
}

/** Whoever wants less motion sees things where they end. */
export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Lets what a finger has moved glide to `to` (a CSS `translate`), and calls back when it is there. */
export function glide(element: HTMLElement, to: string, then: () => void = () => undefined): void {
  const from = element.style.translate || '0px';
  element.style.translate = to;
  if (calm()) return then();
  const moving = element.animate({ translate: [from, to] }, { duration: 160, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' });
  moving.onfinish = moving.oncancel = then;
}

export const isRtl = (element: Element): boolean => getComputedStyle(element).direction === 'rtl';

/** It scrolls sideways itself, such as a block of code. */
export function scrollsSideways(target: EventTarget | null, within: Element): boolean {
  for (let each = target instanceof Element ? target : null; each && each !== within; each = each.parentElement) {
    if (each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX)) return true;
  }
  return false;
}
