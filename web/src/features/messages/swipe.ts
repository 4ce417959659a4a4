/** A message that a finger pulls towards the end of the line is answered. */
import { drags, glide, isRtl, scrollsSideways, type Grip } from '../../lib/drag';
import { icons } from '../../ui/icons';

/** From here on it counts, in px; a little further it follows, more and more unwillingly. */
const FAR_PX = 56;
const MOST_PX = 92;

export function swipesToReply(list: HTMLElement, reply: (key: string) => void, mayReply: (key: string) => boolean): () => void {
  function begin(down: PointerEvent, way: 1 | -1): Grip | null {
    const row = down.target instanceof Element ? down.target.closest<HTMLElement>('[data-key]') : null;
    const key = row?.dataset.key ?? '';
    if (!row || way !== (isRtl(list) ? -1 : 1) || scrollsSideways(down.target, row) || !mayReply(key)) return null;
    const sign = makeSign(row);
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
          sign.remove();
        });
        if (by * way >= FAR_PX) reply(key);
      },
    };
  }

  return drags(list, 'x', begin);
}

/** Stands before the row, out of sight until the row makes way. Styled where the list is. */
function makeSign(row: HTMLElement): HTMLElement {
  const sign = document.createElement('span');
  sign.className = 'swipe-sign';
  sign.ariaHidden = 'true';
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', icons.reply);
  svg.append(path);
  sign.append(svg);
  row.append(sign);
  return sign;
}
