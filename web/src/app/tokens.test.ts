/** Contrast of the palette by WCAG 2.2 (1.4.3, 1.4.6 and 1.4.11), from the very file that the browser reads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HUES } from '../lib/avatar';

/** OKLab, with how much of it covers what lies below. */
type Colour = [lightness: number, a: number, b: number, alpha: number];
type Rgb = [red: number, green: number, blue: number];
interface Look {
  night: boolean;
  more: boolean;
}

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const block = (head: string): string => new RegExp(`^${head.replace(/[[\].]/g, '\\$&')} \\{\\n([^}]*)\\}`, 'm').exec(css)?.[1] ?? '';
const USUAL = block(':root') + block('.hued');
const MORE = block(":root[data-contrast='more']") + block(":root[data-contrast='more'] .hued");
const HUE = Number(/--hue: (\d+)/.exec(css)?.[1]);

function colour(name: string, { night, more }: Look, own = HUE): Colour {
  const written = new RegExp(`--${name}:\\s*([^;]+);`);
  const value = (more ? written.exec(MORE)?.[1] : undefined) ?? written.exec(USUAL)?.[1] ?? '';
  const found = [...value.matchAll(/oklch\(([\d.]+) ([\d.]+) (?:([\d.]+)|var\(--(?:own-)?hue\))(?: \/ ([\d.]+))?\)/g)];
  const chosen = found.length > 1 && night ? found[1] : found[0];
  if (!chosen) throw new Error(`no colour --${name}`);
  const [l, c, h] = [Number(chosen[1]), Number(chosen[2]), ((chosen[3] ? Number(chosen[3]) : own) * Math.PI) / 180];
  return [l, c * Math.cos(h), c * Math.sin(h), Number(chosen[4] ?? 1)];
}

const clip = (value: number): number => Math.min(1, Math.max(0, value));
const curved = (value: number): number => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
const straight = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** As screens take it; OKLab to sRGB after Björn Ottosson. */
function rgb([lightness, a, b]: Colour): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    curved(clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)),
    curved(clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)),
    curved(clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)),
  ];
}

/** One over the other, which covers all. */
function over(upper: Colour, lower: Rgb): Rgb {
  const [red, green, blue] = rgb(upper);
  const share = upper[3];
  return [
    red * share + lower[0] * (1 - share),
    green * share + lower[1] * (1 - share),
    blue * share + lower[2] * (1 - share),
  ];
}

/** `color-mix(in oklab, one, other share)`. */
const mix = (one: Colour, other: Colour, share: number): Colour =>
  one.map((part, at) => part + ((other[at] ?? 0) - part) * share) as Colour;

const luminance = (parts: Rgb): number =>
  0.2126 * straight(parts[0]) + 0.7152 * straight(parts[1]) + 0.0722 * straight(parts[2]);

function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const PAGES = ['ground', 'paper', 'raised', 'sunken', 'selected'];
const INKS = ['ink', 'ink-2', 'ink-3'];
const each = (inks: string[], grounds: string[]): [string, string][] =>
  inks.flatMap((ink) => grounds.map((ground): [string, string] => [ink, ground]));

const TEXT: [ink: string, ground: string][] = [
  ...each(INKS, [...PAGES, 'bubble']),
  ...each(['accent', 'danger', 'calm'], ['ground', 'paper', 'raised', 'sunken']),
  ...each(['glow-ink'], ['glow-soft', 'ground', 'paper', 'raised']),
  ['ink', 'accent-soft'],
  ['ink', 'glow-soft'],
  ['ink', 'danger-soft'],
  ['ink', 'thumb'],
  ['accent-strong', 'accent-soft'],
  ['on-solid', 'solid'],
  ['on-solid', 'solid-strong'],
  ['bubble-mine-ink', 'bubble-mine'],
  ['on-glow', 'glow'],
  ['danger', 'danger-soft'],
  ['calm', 'calm-soft'],
  ['on-danger', 'danger'],
  ['on-alarm', 'alarm'],
  ['on-toast', 'toast'],
  ['toast-act', 'toast'],
];

/** Ink on a page with a veil on it: what the pointer is over, what is pressed, what is quietly marked. */
const VEILED: [ink: string, veil: string, ground: string][] = [
  ...['hover', 'press'].flatMap((veil) =>
    each(['ink', 'ink-2', 'ink-3'], PAGES.filter((page) => page !== 'selected')).map(([ink, ground]): [string, string, string] => [ink, veil, ground]),
  ),
  ...each(['accent', 'danger'], ['paper', 'raised']).map(([ink, ground]): [string, string, string] => [ink, 'hover', ground]),
];

/** `color-mix` in the components: [ink, ground, what is mixed in, how much]. */
const MIXED: [ink: string, ground: string, added: string, share: number][] = [
  ['accent-strong', 'accent-soft', 'accent', 0.1],
  ['on-danger', 'danger', 'ink', 0.14],
  // Quotes, code and mentions are drawn in a thin layer of the ink that they stand in.
  ['ink', 'bubble', 'ink', 0.12],
  ['tint-name', 'bubble', 'ink', 0.06],
  ['bubble-mine-ink', 'bubble-mine', 'bubble-mine-ink', 0.12],
];

/** Letters that are partly seen through: `opacity`, or mixed with `transparent`. */
const FADED: [ink: string, ground: string, added: string, share: number, opacity: number][] = [
  ['ink', 'bubble', 'ink', 0.06, 0.94],
  ['bubble-mine-ink', 'bubble-mine', 'bubble-mine-ink', 0.1, 0.94],
  ['bubble-mine-ink', 'bubble-mine', 'bubble-mine-ink', 0, 0.85],
  ['ink', 'bubble', 'ink', 0, 0.85],
];

describe.each([
  ['by day', { night: false, more: false }, 4.5],
  ['by night', { night: true, more: false }, 4.5],
  ['by day in high contrast', { night: false, more: true }, 7],
  ['by night in high contrast', { night: true, more: true }, 7],
] as const)('%s', (_, look, least) => {
  const solid = (name: string, own?: number): Rgb => rgb(colour(name, look, own));

  it.each(TEXT)('--%s can be read on --%s', (ink, ground) => {
    expect(contrast(solid(ink), solid(ground))).toBeGreaterThanOrEqual(least);
  });

  it.each(VEILED)('--%s can be read under --%s on --%s', (ink, veil, ground) => {
    expect(contrast(solid(ink), over(colour(veil, look), solid(ground)))).toBeGreaterThanOrEqual(least);
  });

  it.each(MIXED)('--%s can be read on --%s with --%s', (ink, ground, added, share) => {
    const mixed = rgb(mix(colour(ground, look), colour(added, look), share));
    expect(contrast(solid(ink), mixed)).toBeGreaterThanOrEqual(least);
  });

  it.each(FADED)('--%s can be read on --%s with --%s when it is faded', (ink, ground, added, share, opacity) => {
    const below = rgb(mix(colour(ground, look), colour(added, look), share));
    const [l, a, b] = colour(ink, look);
    expect(contrast(over([l, a, b, opacity], below), below)).toBeGreaterThanOrEqual(least);
  });

  it('what can be pressed, and what has the focus, can be seen', () => {
    for (const ground of ['paper', 'raised', 'ground']) {
      expect(contrast(solid('line-strong'), solid(ground))).toBeGreaterThanOrEqual(3);
      expect(contrast(solid('accent'), solid(ground))).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(solid('on-solid'), solid('line-strong'))).toBeGreaterThanOrEqual(look.more && look.night ? 1 : 3);
  });

  it.each(Array.from({ length: HUES }, (_, i) => (i * 360) / HUES))(
    'what has the colour of a name can be read, at hue %d',
    (own) => {
      for (const [ink, ground] of [
        ['tint-ink', 'tint'],
        ['tint-deep-ink', 'tint-deep'],
        ['tint-name', 'paper'],
        ['tint-name', 'bubble'],
      ] as const) {
        expect(contrast(solid(ink, own), solid(ground, own)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(least);
      }
      expect(contrast(solid('tint-bar', own), solid('bubble', own))).toBeGreaterThanOrEqual(look.more ? 4.5 : 2.5);
    },
  );
});

it('high contrast draws lines where others have shades', () => {
  for (const night of [false, true]) {
    const look = { night, more: true };
    for (const ground of ['paper', 'raised', 'ground', 'bubble']) {
      expect(contrast(rgb(colour('edge', look)), rgb(colour(ground, look)))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(rgb(colour('line', look)), rgb(colour(ground, look)))).toBeGreaterThanOrEqual(3);
    }
  }
});
