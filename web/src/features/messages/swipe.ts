/** A message that a finger pulls towards the end of the line is answered. */
import { mount, unmount } from 'svelte';
import { drags, glide, isRtl, scrollsSideways, type Grip } from '../../lib/drag';
import { perform, type Conversation } from './keys';
import SwipeSign from './SwipeSign.svelte';

/** From here on it counts, in px; a little further it follows, more and more unwillingly. */
const FAR_PX = 56;
const MOST_PX = 92;

export function swipesToReply(list: HTMLElement, on: () => Conversation): () => void {
  const reply = (key: string, only = false): boolean =>
    perform(on(), on().rows.findIndex(({ item }) => item.key === key), 'reply', only);

  function begin(down: PointerEvent, way: 1 | -1): Grip | null {
    const row = down.target instanceof Element ? down.target.closest<HTMLElement>('[data-key]') : null;
    const key = row?.dataset.key ?? '';
    if (!row || way !== (isRtl(list) ? -1 : 1) || scrollsSideways(down.target, row) || !reply(key, true)) return null;
    const mounted = mount(SwipeSign, { target: row });
    const sign = row.lastElementChild as HTMLElement;
    let past = false;
    return {
      moved: (by) => {
        const far = Math.max(0, by * way);
        const shown = far < FAR_PX ? far : FAR_PX + (MOST_PX - FAR_PX) * (1 - Math.exp((FAR_PX - far) / 90));
        row.style.translate = `${shown * way}px`;
        const grown = Math.min(1, far / FAR_PX);
        sign.style.opacity = String(grown);
        sign.style.scale = String(0.5 + grown * 0.5);
        if (far >= FAR_PX === past) return;
        past = !past;
        if (past) navigator.vibrate?.(8);
        sign.classList.toggle('past', past);
      },
      ended: (by) => {
        glide(row, '0px', () => {
          row.style.translate = '';
          void unmount(mounted);
        });
        if (by * way >= FAR_PX) reply(key);
      },
    };
  }

  return drags(list, 'x', begin);
}
