import { describe, expect, test } from 'vitest';
import { beside, nearest } from './corners';

const frame = { left: 100, top: 0, width: 400, height: 800 };
const at = (left: number, top: number): { left: number; top: number; width: number; height: number } => ({ left, top, width: 100, height: 130 });

describe('a picture that was let go', () => {
  test('goes to the corner that it is nearest to', () => {
    expect(nearest(at(110, 20), frame, false)).toBe('top-start');
    expect(nearest(at(340, 20), frame, false)).toBe('top-end');
    expect(nearest(at(110, 600), frame, false)).toBe('bottom-start');
    expect(nearest(at(340, 600), frame, false)).toBe('bottom-end');
  });

  test('stays on the side of the screen where it is, also where text runs from right to left', () => {
    expect(nearest(at(340, 20), frame, true)).toBe('top-start');
    expect(nearest(at(110, 600), frame, true)).toBe('bottom-end');
  });
});

describe('arrow keys', () => {
  test('lead to the corner that they point to', () => {
    expect(beside('bottom-end', 'ArrowUp', false)).toBe('top-end');
    expect(beside('bottom-end', 'ArrowLeft', false)).toBe('bottom-start');
    expect(beside('top-start', 'ArrowDown', false)).toBe('bottom-start');
    expect(beside('bottom-end', 'ArrowRight', true)).toBe('bottom-start');
  });

  test('lead nowhere where there is no corner, and other keys are left alone', () => {
    expect(beside('bottom-end', 'ArrowDown', false)).toBeNull();
    expect(beside('bottom-end', 'ArrowRight', false)).toBeNull();
    expect(beside('bottom-end', 'Enter', false)).toBeNull();
  });
});
