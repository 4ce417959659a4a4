/** Which emoji this device can draw. Others would show as boxes, or as the pieces they are made of. */
import { FLAGS, type Emoji } from './book';

/** One that came with each version; where it is one picture, so are the others of that time. */
const SAMPLES: readonly (readonly [version: number, text: string])[] = [
  [17, '\u{1faea}'],
  [16, '\u{1fae9}'],
  [15.1, '\u{1f642}\u200d\u2194\ufe0f'],
  [15, '\u{1fae8}'],
  [14, '\u{1fae0}'],
  [13.1, '\u{1f62e}\u200d\u{1f4a8}'],
  [13, '\u{1f972}'],
  [12.1, '\u{1f9d1}\u200d\u{1f9b0}'],
  [12, '\u{1f971}'],
  [11, '\u{1f970}'],
];
const FLAG = '\u{1f1e9}\u{1f1ea}';
const SIZE = 20;

export function drawnHere(): (emoji: Emoji, group: number) => boolean {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return () => true;
  context.canvas.width = context.canvas.height = SIZE * 2;
  context.font = `${SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = 'top';
  const newest = SAMPLES.find(([, text]) => isPicture(context, text))?.[0] ?? 5;
  const flags = isPicture(context, FLAG);
  return ({ version, text }, group) => version <= newest && (flags || group !== FLAGS || !isCountry(text));
}

const isCountry = (text: string): boolean => /^\p{Regional_Indicator}/u.test(text);

/** It has colours of its own, whatever colour it is written in, and is not wider than one sign. */
function isPicture(context: CanvasRenderingContext2D, text: string): boolean {
  const one = context.measureText('\u{1f600}').width;
  return context.measureText(text).width <= one * 1.4 && pixels(context, text, '#f00') === pixels(context, text, '#00f');
}

function pixels(context: CanvasRenderingContext2D, text: string, colour: string): string {
  context.clearRect(0, 0, SIZE * 2, SIZE * 2);
  context.fillStyle = colour;
  context.fillText(text, 0, 0);
  const { data } = context.getImageData(0, 0, SIZE * 2, SIZE * 2);
  // Nothing at all is no picture either.
  return data.some((value) => value) ? data.join() : colour;
}
