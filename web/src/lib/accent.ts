/**
 * The colours that an admin's accent gives the app. What words and bubbles take of it is its hue and how vivid it is,
 * at the lightness that the house's own accent has (`tokens.css`), so that they can be read; buttons take the colour
 * itself, as far as they still stand out, with letters that can be read on it.
 */

/** Lightness 0 to 1, chroma, hue in degrees: OKLCH after Björn Ottosson. */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

type Pair = readonly [day: Oklch, night: Oklch];
type Look = readonly [l: number, c: number];

/** WCAG 2.2, 1.4.3: words that can be read. */
export const READABLE = 4.5;
/** The same, 1.4.6: for those who asked for high contrast. */
export const CLEAR = 7;

type Shade = 'accent' | 'accent-strong' | 'accent-soft' | 'bubble-mine' | 'solid' | 'solid-strong';
type Shades = Record<Shade, readonly [day: Look, night: Look]>;

/** Of the house's own accent; a test compares them with `tokens.css`. */
export const SHADES = {
  accent: [[0.46, 0.13], [0.8, 0.085]],
  'accent-strong': [[0.395, 0.12], [0.86, 0.07]],
  'accent-soft': [[0.912, 0.026], [0.325, 0.055]],
  'bubble-mine': [[0.465, 0.108], [0.385, 0.085]],
  solid: [[0.46, 0.13], [0.53, 0.12]],
  'solid-strong': [[0.395, 0.12], [0.475, 0.115]],
} as const satisfies Shades;

/** The same where high contrast was asked for. */
export const SHADES_MORE = {
  accent: [[0.38, 0.13], [0.88, 0.06]],
  'accent-strong': [[0.33, 0.12], [0.93, 0.04]],
  'accent-soft': [[0.93, 0.03], [0.27, 0.06]],
  'bubble-mine': [[0.38, 0.108], [0.33, 0.085]],
  solid: [[0.4, 0.13], [0.43, 0.12]],
  'solid-strong': [[0.33, 0.12], [0.37, 0.11]],
} as const satisfies Shades;

/** Pages, by day and by night. */
export const PAGE: Pair = [
  { l: 0.988, c: 0.006, h: 75 },
  { l: 0.212, c: 0.018, h: 325 },
];
const INK: Pair = [
  { l: 0.255, c: 0.03, h: 330 },
  { l: 0.945, c: 0.01, h: 75 },
];
/** What accented words may stand on that is darker by day, or lighter by night, than a page. */
const GROUNDS: Pair = [
  { l: 0.948, c: 0.014, h: 70 },
  { l: 0.262, c: 0.021, h: 325 },
];
const GROUNDS_MORE: Pair = [
  { l: 0.965, c: 0.006, h: 70 },
  { l: 0.17, c: 0.014, h: 325 },
];

const OWN_CHROMA = 0.13;
const OWN_HUE = 348;
const MOST_VIVID = 1.4;
/** Buttons outside of these can hardly be told from the page. */
const STANDS_OUT: readonly [day: Look, night: Look] = [[0.3, 0.84], [0.44, 0.88]];
const LIGHT: Oklch = { l: 0.988, c: 0.008, h: 60 };
const HOVER = 0.065;

type Rgb = readonly [red: number, green: number, blue: number];

const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Of `#rrggbb`. */
export function oklchOf(hex: string): Oklch {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => toLinear(parseInt(hex.slice(at, at + 2), 16) / 255));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const y = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const z = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  const hue = (Math.atan2(z, y) * 180) / Math.PI;
  return { l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, c: Math.hypot(y, z), h: (hue + 360) % 360 };
}

function linearOf({ l, c, h }: Oklch): Rgb {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

/** The ratio that WCAG 2.2 defines, from 1 to 21. */
export function contrast(one: Oklch, other: Oklch): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Oklch): number {
  const [red, green, blue] = linearOf(colour).map((part) => within(part, 0, 1)) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The same, only as vivid as a screen can show it: what is cut off there would change its lightness. */
function shown(colour: Oklch): Oklch {
  const fits = (c: number): boolean => linearOf({ ...colour, c }).every((part) => part > -0.0005 && part < 1.0005);
  if (fits(colour.c)) return colour;
  let [low, high] = [0, colour.c];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return { ...colour, c: low };
}

/** As near to `colour` as it has `least` contrast with `ground`; `step`: which way that lies. */
function readable(colour: Oklch, ground: Oklch, step: number, least: number): Oklch {
  let now = shown(colour);
  while (contrast(now, ground) < least && now.l > 0 && now.l < 1) {
    now = shown({ ...colour, l: now.l + step });
  }
  return now;
}

interface Button {
  solid: Oklch;
  strong: Oklch;
  letters: Oklch;
}

/** Letters are light where they can be, else dark; between the two the button gives way. */
function buttonOf(chosen: Oklch, [low, high]: Look, least: number): Button {
  const dark: Oklch = { l: least === CLEAR ? 0.14 : 0.19, c: 0.02, h: chosen.h };
  let solid = shown({ ...chosen, l: within(chosen.l, low, high) });
  const letters = contrast(LIGHT, solid) < least && contrast(dark, solid) >= least ? dark : LIGHT;
  if (letters === LIGHT) solid = readable(solid, LIGHT, -0.005, least);
  const strong = shown({ ...solid, l: within(solid.l + (letters === LIGHT ? -HOVER : HOVER), 0.2, 0.95) });
  return { solid, strong, letters };
}

export type Palette = Record<Shade | 'on-solid', Pair>;

function shadesOf([day, night]: readonly [Look, Look], vivid: number, h: number): Pair {
  const shade = ([l, c]: Look): Oklch => shown({ l, c: c * vivid, h });
  return [shade(day), shade(night)];
}

/** The house's own. */
function ownPalette(): Palette {
  const pairs = Object.entries(SHADES).map(([name, looks]) => [name, shadesOf(looks, 1, OWN_HUE)]);
  return { ...Object.fromEntries(pairs), 'on-solid': [LIGHT, LIGHT] } as Palette;
}

/** Of `#rrggbb`. `least`: the contrast of words and letters, READABLE or CLEAR. */
export function paletteOf(hex: string, least: typeof READABLE | typeof CLEAR = READABLE): Palette {
  const chosen = oklchOf(hex);
  const vivid = Math.min(MOST_VIVID, chosen.c / OWN_CHROMA);
  const [shades, grounds] = least === CLEAR ? [SHADES_MORE, GROUNDS_MORE] : [SHADES, GROUNDS];
  const pair = (name: Shade): Pair => shadesOf(shades[name], vivid, chosen.h);
  const clear = ([day, night]: Pair, on: Pair, steps: readonly [number, number]): Pair => [
    readable(day, on[0], steps[0], least),
    readable(night, on[1], steps[1], least),
  ];
  const soft = pair('accent-soft');
  const [day, night] = [buttonOf(chosen, STANDS_OUT[0], least), buttonOf(chosen, STANDS_OUT[1], least)];
  return {
    accent: clear(pair('accent'), grounds, [-0.01, 0.01]),
    'accent-strong': clear(pair('accent-strong'), soft, [-0.01, 0.01]),
    'accent-soft': soft,
    'bubble-mine': clear(pair('bubble-mine'), [LIGHT, LIGHT], [-0.01, -0.01]),
    solid: [day.solid, night.solid],
    'solid-strong': [day.strong, night.strong],
    'on-solid': [day.letters, night.letters],
  };
}

/** How a colour fares, for whoever chooses it. */
export interface Verdict {
  /** Its own contrast with a page, by day and by night: 1 to 21. */
  own: readonly [day: number, night: number];
  /** The least that its words have, as they are drawn. */
  words: readonly [day: number, night: number];
  /** Of the letters on a button. */
  letters: readonly [day: number, night: number];
  /** Too pale or too dark for a button, which takes the nearest shade that stands out. */
  moved: readonly [day: boolean, night: boolean];
}

export function judge(hex: string): Verdict {
  const chosen = oklchOf(hex);
  const { accent, solid, 'on-solid': letters } = paletteOf(hex);
  const both = <T>(of: (at: 0 | 1) => T): readonly [T, T] => [of(0), of(1)];
  return {
    own: both((at) => contrast(chosen, PAGE[at])),
    words: both((at) => contrast(accent[at], GROUNDS[at])),
    letters: both((at) => contrast(letters[at], solid[at])),
    moved: both((at) => Math.abs(chosen.l - solid[at].l) > 0.02),
  };
}

const css = ({ l, c, h }: Oklch): string => `oklch(${round(l)} ${round(c)} ${round(h)})`;
const round = (value: number): number => Math.round(value * 10_000) / 10_000;

const isColour = (hex: string): boolean => /^#[0-9a-f]{6}$/i.test(hex);

/** As custom properties for an element; of '' none, which leaves the house's own colours. */
export function accentStyle(hex: string): Record<string, string> {
  if (!isColour(hex)) return {};
  const named = (palette: Palette, end: string): [string, string][] =>
    Object.entries(palette).map(([name, [day, night]]) => [`--${name}${end}`, `light-dark(${css(day)}, ${css(night)})`]);
  const both = [...named(paletteOf(hex), ''), ...named(paletteOf(hex, CLEAR), '-more')];
  return { ...Object.fromEntries(both), '--hue': String(round(oklchOf(hex).h)) };
}

/** The same for one time of the day only (0: day, 1: night), with the page that they stand on. */
export function sampleStyle(hex: string, time: 0 | 1): Record<string, string> {
  const palette = { ...(isColour(hex) ? paletteOf(hex) : ownPalette()), paper: PAGE, ink: INK };
  return Object.fromEntries(Object.entries(palette).map(([name, pair]) => [`--${name}`, css(pair[time])]));
}
