import { describe, expect, it } from 'vitest';
import { CLOSEST, moved, seen, WHOLE, within, zoomed, type View } from './crop';

const wide = { width: 1600, height: 900 };
const tall = { width: 300, height: 1200 };

it('begins with the largest square in the middle', () => {
  expect(seen(wide, WHOLE)).toEqual({ left: 350, top: 0, side: 900 });
  expect(seen(tall, WHOLE)).toEqual({ left: 0, top: 450, side: 300 });
});

it('never shows what is beside the picture', () => {
  for (const picture of [wide, tall]) {
    for (const view of [moved(picture, WHOLE, 9, 9), moved(picture, WHOLE, -9, -9), within(picture, { zoom: 0.1, x: 3, y: -3 })]) {
      const { left, top, side } = seen(picture, view);
      expect(left).toBeGreaterThanOrEqual(-1e-6);
      expect(top).toBeGreaterThanOrEqual(-1e-6);
      expect(left + side).toBeLessThanOrEqual(picture.width + 1e-6);
      expect(top + side).toBeLessThanOrEqual(picture.height + 1e-6);
    }
  }
});

it('follows the finger: the picture moves right, so what is left of it comes into sight', () => {
  const { left, top } = seen(wide, moved(wide, WHOLE, 0.1, 0.5));
  expect(left).toBeCloseTo(260);
  expect(top).toBeCloseTo(0);
});

describe('zooming', () => {
  /** The pixel of the picture below a place of the window. */
  const below = (view: View, x: number, y: number): [number, number] => {
    const { left, top, side } = seen(wide, view);
    return [left + (x + 0.5) * side, top + (y + 0.5) * side];
  };

  it('keeps what is under the fingers where it is', () => {
    const before = zoomed(wide, WHOLE, 2);
    const after = zoomed(wide, before, 1.5, 0.2, -0.3);
    const [x, y] = below(before, 0.2, -0.3);
    expect(below(after, 0.2, -0.3)[0]).toBeCloseTo(x);
    expect(below(after, 0.2, -0.3)[1]).toBeCloseTo(y);
  });

  it('ends at the whole picture and where pixels show', () => {
    expect(zoomed(wide, WHOLE, 0.2).zoom).toBe(1);
    expect(zoomed(wide, WHOLE, 99).zoom).toBe(CLOSEST);
  });
});
