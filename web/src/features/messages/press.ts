import type { Attachment } from 'svelte/attachments';

const HOLD_MS = 420;
const SLACK_PX = 10;

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** A long press with a finger or pen, told from a scroll. A mouse has its toolbar instead. */
export function pressAndHold(held: () => void): Attachment<HTMLElement> {
  return (element) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let from = { x: 0, y: 0 };
    const stop = (): void => clearTimeout(timer);
    const down = (event: PointerEvent): void => {
      if (event.pointerType === 'mouse') return;
      from = { x: event.clientX, y: event.clientY };
      stop();
      timer = setTimeout(() => {
        navigator.vibrate?.(8);
        // The finger lifts over whatever came up under it, and must not choose that.
        window.addEventListener('click', swallow, { capture: true, once: true });
        window.addEventListener('pointerdown', () => window.removeEventListener('click', swallow, { capture: true }), {
          capture: true,
          once: true,
        });
        held();
      }, HOLD_MS);
    };
    const move = (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLACK_PX) stop();
    };
    /* The browser's own menu would cover ours; a link keeps it. */
    const menu = (event: Event): void => {
      const touch = matchMedia('(pointer: coarse)').matches;
      if (touch && !(event.target instanceof Element && event.target.closest('a'))) event.preventDefault();
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    for (const end of ['pointerup', 'pointercancel', 'pointerleave']) element.addEventListener(end, stop);
    element.addEventListener('contextmenu', menu);
    return () => {
      stop();
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      for (const end of ['pointerup', 'pointercancel', 'pointerleave']) element.removeEventListener(end, stop);
      element.removeEventListener('contextmenu', menu);
    };
  };
}
