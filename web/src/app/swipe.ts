/** On a phone the page follows a finger that comes from its leading edge, and is left when it has come far enough. */
import { drags, glide, isRtl, scrollsSideways, type Grip } from '../lib/drag';
import { layersOver } from '../lib/history';
import { isCovered } from '../lib/shortcut';

/** The very edge belongs to the system's own gesture. */
const EDGE_PX = [10, 48] as const;
/** Far enough, as a part of the width; or a flick this fast, in px a millisecond. */
const FAR = 0.36;
const FAST = 0.55;

/** `peek` shows what lies under the page as long as it is moved aside. */
export function swipesBack(main: HTMLElement, peek: (shown: boolean) => void): () => void {
  const narrow = matchMedia('(max-width: 45.99rem)');

  function begin(down: PointerEvent, way: 1 | -1): Grip | null {
    const rtl = isRtl(main);
    const edge = rtl ? innerWidth - down.clientX : down.clientX;
    if (!narrow.matches || way !== (rtl ? -1 : 1) || edge < EDGE_PX[0] || edge > EDGE_PX[1]) return null;
    if (isCovered() || scrollsSideways(down.target, main)) return null;
    // What covers the page goes first.
    const panel = layersOver() ? main.querySelector('aside') : null;
    const button = [...main.querySelectorAll<HTMLElement>('.back button')].find((each) => each.checkVisibility());
    if (!panel && !button) return null;
    const moving = panel ?? main;
    const leave = (): void => (panel ? history.back() : button?.click());
    const width = moving.clientWidth;
    if (!panel) peek(true);
    moving.style.willChange = 'translate';
    const done = (): void => {
      moving.style.translate = moving.style.willChange = '';
      peek(false);
    };
    return {
      moved: (by) => (moving.style.translate = `${rtl ? Math.min(0, by) : Math.max(0, by)}px`),
      ended: (by, speed) => {
        const far = Math.abs(by) > width * FAR || speed * way > FAST;
        if (by * way <= 0 || !far || speed * way < -FAST) return glide(moving, '0px', done);
        glide(moving, `${width * way}px`, () => {
          leave();
          // The next page has to be there before this one's place is free again.
          setTimeout(done, 0);
        });
      },
    };
  }

  return drags(main, 'x', begin);
}
