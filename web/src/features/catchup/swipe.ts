/** A finger pushes a card aside, to whichever side, and it counts as read. */
import type { Attachment } from 'svelte/attachments';
import { drags, glide, scrollsSideways, type Grip } from '../../lib/drag';

/** A finger that begins here goes back a page. */
const EDGE_PX = 48;
/** Far enough to be meant, as a part of the width; or a flick so fast, in px a millisecond. */
const FAR = 0.35;
const FAST = 0.55;
const LEAST_PX = 40;

export function swipeAway(away: () => void): Attachment<HTMLElement> {
  return (element) => {
    const push = (by: number): void => {
      element.style.translate = by ? `${by}px` : '';
      element.dataset.push = by ? (by > 0 ? 'right' : 'left') : '';
    };

    function begin({ clientX, target }: PointerEvent): Grip | null {
      if (clientX < EDGE_PX || clientX > innerWidth - EDGE_PX || scrollsSideways(target, element)) return null;
      return { moved: push, ended };
    }

    function ended(by: number, speed: number): void {
      const way = Math.sign(by);
      const gone = Math.abs(by) > FAR * element.offsetWidth || (speed * way > FAST && Math.abs(by) > LEAST_PX);
      // What the finger lifts over was not pressed.
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
      glide(element, gone ? `${way * element.offsetWidth}px` : '0px', () => (gone ? away() : push(0)));
    }

    return drags(element, 'x', begin);
  };
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
