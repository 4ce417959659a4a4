import type { Attachment } from 'svelte/attachments';

const SLACK_PX = 10;
/** A finger that begins here goes back a page. */
const EDGE_PX = 24;
const FAR = 0.35;
const FAST = 0.55;
const GO_MS = 150;

const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** A finger pushes the element aside, to whichever side; `away` when it was far or fast enough to be meant. */
export function swipeAway(away: () => void): Attachment<HTMLElement> {
  return (element) => {
    let from: { x: number; y: number; at: number } | null = null;
    let pushed = false;
    const put = (dx: number): void => {
      element.style.translate = dx ? `${dx}px` : '';
      element.dataset.push = dx ? (dx > 0 ? 'right' : 'left') : '';
    };
    const down = (event: PointerEvent): void => {
      if (event.pointerType === 'mouse' || !event.isPrimary) return;
      if (event.clientX < EDGE_PX || event.clientX > innerWidth - EDGE_PX) return;
      from = { x: event.clientX, y: event.clientY, at: event.timeStamp };
    };
    const move = (event: PointerEvent): void => {
      if (!from || !event.isPrimary) return;
      const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
      if (!pushed) {
        if (Math.hypot(dx, dy) < SLACK_PX) return;
        if (Math.abs(dx) < 1.5 * Math.abs(dy)) return stop();
        pushed = true;
        element.setPointerCapture(event.pointerId);
      }
      put(dx);
    };
    const up = (event: PointerEvent): void => {
      if (!from || !pushed) return stop();
      const dx = event.clientX - from.x;
      const fast = Math.abs(dx) / Math.max(1, event.timeStamp - from.at) > FAST && Math.abs(dx) > 4 * SLACK_PX;
      const gone = fast || Math.abs(dx) > FAR * element.offsetWidth;
      const to = gone ? Math.sign(dx) * element.offsetWidth : 0;
      // What the finger lifts over was not pressed.
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
      from = null;
      pushed = false;
      void slide(dx, to).then(() => {
        if (gone) away();
        else put(0);
      });
    };
    const slide = async (dx: number, to: number): Promise<void> => {
      if (calm()) return;
      const steps = [{ translate: `${dx}px` }, { translate: `${to}px` }];
      await element.animate(steps, { duration: GO_MS, easing: 'ease-out', fill: to ? 'forwards' : 'none' }).finished;
    };
    const stop = (): void => {
      from = null;
      pushed = false;
      put(0);
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', stop);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', stop);
    };
  };
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
