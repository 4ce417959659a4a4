/** How close one looks at something, and where: px that it is moved by from the middle. */
export interface Look {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

interface Size {
  width: number;
  height: number;
}

export const FITTING: Look = { scale: 1, x: 0, y: 0 };
const CLOSEST = 6;

/** `at` (px from the middle of the frame) stays under the finger. */
export function drawnCloser(look: Look, by: number, at: { x: number; y: number }, size: Size): Look {
  const scale = Math.min(CLOSEST, Math.max(1, look.scale * by));
  const grown = scale / look.scale;
  return within({ scale, x: at.x - (at.x - look.x) * grown, y: at.y - (at.y - look.y) * grown }, size);
}

export function moved(look: Look, x: number, y: number, size: Size): Look {
  return within({ ...look, x: look.x + x, y: look.y + y }, size);
}

/** Its edges stay at those of the frame, or beyond. */
function within({ scale, x, y }: Look, { width, height }: Size): Look {
  const most = (length: number): number => ((scale - 1) * length) / 2;
  const held = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value)) || 0;
  return { scale, x: held(x, most(width)), y: held(y, most(height)) };
}
