import { expect, it } from 'vitest';
import { ariaKeys, isMac, isPressed, shownAs } from './shortcut';

type Pressed = Parameters<typeof isPressed>[1];

function press(key: string, held: Partial<Pressed> = {}): Pressed {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

it('knows what Mod is on which machine', () => {
  expect(isPressed('Mod+K', press('k', { ctrlKey: true }), false)).toBe(true);
  expect(isPressed('Mod+K', press('k', { metaKey: true }), false)).toBe(false);
  expect(isPressed('Mod+K', press('k', { metaKey: true }), true)).toBe(true);
  expect(isMac('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe(true);
  expect(isMac('Mozilla/5.0 (X11; Linux x86_64)')).toBe(false);
});

it('wants exactly the keys that are named', () => {
  expect(isPressed('Alt+ArrowUp', press('ArrowUp', { altKey: true }), false)).toBe(true);
  expect(isPressed('Alt+ArrowUp', press('ArrowUp', { altKey: true, shiftKey: true }), false)).toBe(false);
  expect(isPressed('R', press('r'), false)).toBe(true);
  expect(isPressed('R', press('r', { ctrlKey: true }), false)).toBe(false);
  expect(isPressed('Mod+Shift+M', press('M', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
});

it('takes a sign wherever the keyboard has it, and a digit with Shift', () => {
  expect(isPressed('?', press('?', { shiftKey: true }), false)).toBe(true);
  expect(isPressed('?', press('?'), false)).toBe(true);
  expect(isPressed('Mod+/', press('/', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
  expect(isPressed('Mod+Shift+2', press('"', { code: 'Digit2', ctrlKey: true, shiftKey: true }), false)).toBe(true);
  expect(isPressed('Mod+Shift+2', press('"', { code: 'Digit3', ctrlKey: true, shiftKey: true }), false)).toBe(false);
});

it('shows what stands on the keys', () => {
  expect(shownAs('Mod+Shift+M', false)).toEqual(['Ctrl', 'Shift', 'M']);
  expect(shownAs('Mod+Shift+M', true)).toEqual(['⌘', '⇧', 'M']);
  expect(shownAs('Alt+ArrowUp', false)).toEqual(['Alt', '↑']);
  expect(ariaKeys('Mod+K', false)).toBe('Control+K');
});
