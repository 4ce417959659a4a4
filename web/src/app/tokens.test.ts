/** Contrast of the palette by WCAG 2.2 (1.4.3 and 1.4.11), from the very file that the browser reads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HUES } from '../lib/avatar';

type Oklch = [lightness: number, chroma: number, hue: number];
const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const hue = Number(/--hue: (\d+)/.exec(css)?.[1]);

function colour(name: string, night: boolean): Oklch {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1] ?? '';
  const found = [...value.matchAll(/oklch\(([\d.]+) ([\d.]+) (?:([\d.]+)|var\(--hue\))\)/g)];
  const chosen = found.length > 1 && night ? found[1] : found[0];
  if (!chosen) throw new Error(`no colour --${name}`);
  return [Number(chosen[1]), Number(chosen[2]), chosen[3] ? Number(chosen[3]) : hue];
}

/** Relative luminance; oklch to linear sRGB after Björn Ottosson. */
function luminance([lightness, chroma, angle]: Oklch): number {
  const a = chroma * Math.cos((angle * Math.PI) / 180);
  const b = chroma * Math.sin((angle * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Oklch, other: Oklch): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const TEXT: [ink: string, ground: string][] = [
  ...['ink', 'ink-2', 'ink-3'].flatMap((ink): [string, string][] =>
    ['ground', 'paper', 'raised', 'sunken', 'bubble', 'selected'].map((ground) => [ink, ground]),
  ),
  ['accent', 'paper'],
  ['accent', 'ground'],
  ['accent', 'raised'],
  ['accent-strong', 'accent-soft'],
  ['on-solid', 'solid'],
  ['on-solid', 'solid-strong'],
  ['bubble-mine-ink', 'bubble-mine'],
  ['on-glow', 'glow'],
  ['glow-ink', 'glow-soft'],
  ['glow-ink', 'ground'],
  ['danger', 'paper'],
  ['danger', 'ground'],
  ['danger', 'raised'],
  ['danger', 'danger-soft'],
  ['on-danger', 'danger'],
  ['calm', 'raised'],
  ['calm', 'paper'],
];

describe.each([
  ['day', false],
  ['night', true],
])('by %s', (_, night) => {
  it.each(TEXT)('--%s can be read on --%s', (ink, ground) => {
    expect(contrast(colour(ink, night), colour(ground, night))).toBeGreaterThanOrEqual(4.5);
  });

  it('edges of fields can be seen', () => {
    expect(contrast(colour('line-strong', night), colour('raised', night))).toBeGreaterThanOrEqual(3);
  });

  it.each(Array.from({ length: HUES }, (_, i) => (i * 360) / HUES))(
    'letters on an avatar of hue %d can be read',
    (angle) => {
      const ground: Oklch = night ? [0.37, 0.066, angle] : [0.885, 0.062, angle];
      const ink: Oklch = night ? [0.91, 0.06, angle] : [0.36, 0.095, angle];
      expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
      const deepGround: Oklch = night ? [0.455, 0.088, angle] : [0.81, 0.092, angle];
      const deepInk: Oklch = night ? [0.955, 0.035, angle] : [0.3, 0.085, angle];
      expect(contrast(deepInk, deepGround)).toBeGreaterThanOrEqual(4.5);
      const name: Oklch = night ? [0.82, 0.085, angle] : [0.45, 0.105, angle];
      expect(contrast(name, colour('paper', night))).toBeGreaterThanOrEqual(4.5);
    },
  );
});
