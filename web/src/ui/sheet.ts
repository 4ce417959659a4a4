/** A sheet that rises from the bottom edge goes down again with the finger. */
import { drags, glide, type Grip } from '../lib/drag';

const FAR = 0.3;
const FAST = 0.5;

export function swipesDown(dialog: HTMLDialogElement, content: HTMLElement): () => void {
  // What scrolls keeps its finger; the head is there to be pulled at.
  const fit = (): string => (content.style.touchAction = content.scrollHeight > content.clientHeight + 1 ? '' : 'none');
  const sized = new ResizeObserver(fit);
  sized.observe(content);

  function begin(down: PointerEvent, way: 1 | -1): Grip | null {
    const inside = down.target instanceof Node && content.contains(down.target);
    if (way < 0 || (inside && !content.style.touchAction) || (down.target instanceof Element && down.target.closest('input, textarea'))) return null;
    return {
      moved: (by) => (dialog.style.translate = `0 ${Math.max(0, by)}px`),
      ended: (by, speed) => {
        const far = by > 0 && (by > dialog.clientHeight * FAR || speed > FAST) && speed > -FAST;
        if (far) glide(dialog, `0 ${dialog.clientHeight}px`, () => dialog.close());
        else glide(dialog, '0 0', () => (dialog.style.translate = ''));
      },
    };
  }

  const stop = drags(dialog, 'y', begin);
  return () => {
    stop();
    sized.disconnect();
  };
}
