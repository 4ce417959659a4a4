/** The four corners that a small picture may stand in, by the way that text runs. */
export const CORNERS = ['top-start', 'top-end', 'bottom-start', 'bottom-end'] as const;
export type Corner = (typeof CORNERS)[number];

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where something that was let go at `box` belongs within `frame`. */
export function nearest(box: Box, frame: Box, rtl: boolean): Corner {
  const low = box.top + box.height / 2 > frame.top + frame.height / 2;
  const right = box.left + box.width / 2 > frame.left + frame.width / 2;
  return `${low ? 'bottom' : 'top'}-${right === rtl ? 'start' : 'end'}`;
}

/** The corner that an arrow key leads to; null for other keys, and where there is none. */
export function beside(corner: Corner, key: string, rtl: boolean): Corner | null {
  const [row, column] = corner.split('-');
  const ahead = rtl ? 'ArrowLeft' : 'ArrowRight';
  const back = rtl ? 'ArrowRight' : 'ArrowLeft';
  const to: Record<string, string> = { ArrowUp: `top-${column}`, ArrowDown: `bottom-${column}`, [ahead]: `${row}-end`, [back]: `${row}-start` };
  const found = CORNERS.find((each) => each === to[key]);
  return found && found !== corner ? found : null;
}
