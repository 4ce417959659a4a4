import { describe, expect, test } from 'vitest';
import { drawnCloser, FITTING, moved } from './zoom';

const SIZE = { width: 400, height: 300 };

describe('looking closer', () => {
  test('keeps what is under the finger under it', () => {
    const at = { x: 100, y: -50 };
    const look = drawnCloser(FITTING, 2, at, SIZE);
    expect(look).toEqual({ scale: 2, x: -100, y: 50 });
    // The point of the picture that was there is there still.
    expect((at.x - look.x) / look.scale).toBe(100);
    expect((at.y - look.y) / look.scale).toBe(-50);
  });

  test('ends where the picture would be smaller than its frame, and where nothing more is to be seen', () => {
    expect(drawnCloser(FITTING, 0.2, { x: 50, y: 50 }, SIZE)).toEqual(FITTING);
    expect(drawnCloser(FITTING, 100, { x: 0, y: 0 }, SIZE).scale).toBe(6);
  });

  test('and back leaves the picture in its middle', () => {
    const close = drawnCloser(FITTING, 3, { x: 120, y: 80 }, SIZE);
    expect(drawnCloser(close, 1 / 3, { x: -10, y: 20 }, SIZE)).toEqual(FITTING);
  });
});

test('no edge of the picture comes into the frame', () => {
  const close = drawnCloser(FITTING, 2, { x: 0, y: 0 }, SIZE);
  expect(moved(close, 1000, -1000, SIZE)).toEqual({ scale: 2, x: 200, y: -150 });
  expect(moved(FITTING, 30, 30, SIZE)).toEqual(FITTING);
});
