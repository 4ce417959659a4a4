import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accentStyle, CLEAR, contrast, judge, oklchOf, PAGE, paletteOf, READABLE, sampleStyle, SHADES, SHADES_MORE, type Oklch } from './accent';

const css = readFileSync(join(import.meta.dirname, '../app/tokens.css'), 'utf8');
const [usual = '', more = ''] = css.split(":root[data-contrast='more'] {");
const looksOf = (name: string, block = usual): number[][] => {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(block)?.[1] ?? '';
  return [...value.matchAll(/oklch\(([\d.]+) ([\d.]+) /g)].map((found) => [Number(found[1]), Number(found[2])]);
};

/** Pages, and what lies on them. */
const groundsOf = (block: string): Oklch[][] =>
  [0, 1].map((at) =>
    ['ground', 'paper', 'raised', 'sunken'].map((name) => {
      const [l = 0, c = 0] = looksOf(name, block)[at] ?? [];
      return { l, c, h: at ? 325 : 70 };
    }),
  );
const GROUNDS = { usual: groundsOf(usual), more: groundsOf(more) };

/** Every hue in steps of fifteen degrees, pale and dark, grey and vivid. */
const COLOURS = Array.from({ length: 24 }, (_, at) => at * 15).flatMap((hue) =>
  [
    [95, 90],
    [95, 50],
    [60, 100],
    [60, 55],
    [60, 8],
    [25, 90],
    [6, 60],
  ].map(([light = 0, full = 0]) => hexOf(hue, light / 100, full / 100)),
);

function hexOf(hue: number, light: number, full: number): string {
  const part = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = light - full * Math.min(light, 1 - light) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255).toString(16).padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

it('knows the shades of the house', () => {
  for (const [name, looks] of Object.entries(SHADES)) expect(looksOf(name)).toEqual(looks);
  for (const [name, looks] of Object.entries(SHADES_MORE)) expect(looksOf(name, more)).toEqual(looks);
  for (const [at, ground] of looksOf('paper').entries()) expect([PAGE[at as 0 | 1].l, PAGE[at as 0 | 1].c]).toEqual(ground);
});

it('takes colours apart as the standard says', () => {
  expect(oklchOf('#ffffff').l).toBeCloseTo(1, 3);
  const red = oklchOf('#ff0000');
  expect([red.l, red.c, red.h].map((value) => Math.round(value * 100) / 100)).toEqual([0.63, 0.26, 29.23]);
  expect(contrast(oklchOf('#000000'), oklchOf('#ffffff'))).toBeCloseTo(21, 1);
});

/** Of any colour at all; the same ones in every run. */
function anyColours(count: number): string[] {
  let dice = 0x5afe;
  return Array.from({ length: count }, () => {
    dice = (Math.imul(dice, 1664525) + 1013904223) >>> 0;
    return `#${(dice >>> 8).toString(16).padStart(6, '0')}`;
  });
}

it.each([
  ['AA', READABLE],
  ['AAA', CLEAR],
] as const)('makes %s of two thousand colours that somebody might choose', (_, least) => {
  for (const hex of anyColours(2000)) {
    const palette = paletteOf(hex, least);
    const grounds = least === CLEAR ? GROUNDS.more : GROUNDS.usual;
    for (const at of [0, 1] as const) {
      const pairs = [
        ...(grounds[at] ?? []).map((ground) => [palette.accent[at], ground] as const),
        [palette['accent-strong'][at], palette['accent-soft'][at]],
        [palette['on-solid'][at], palette.solid[at]],
        [palette['on-solid'][at], palette['solid-strong'][at]],
        [{ l: 0.985, c: 0.01, h: 60 }, palette['bubble-mine'][at]],
      ] as const;
      for (const [place, [ink, ground]] of pairs.entries()) {
        const found = contrast(ink, ground);
        if (found < least) expect.fail(`${hex}, pair ${place}, ${at ? 'night' : 'day'}: ${found.toFixed(2)}`);
      }
    }
  }
});

describe.each([0, 1] as const)('by day (0) and by night (1): %d', (at) => {
  it.each(COLOURS)('%s makes words and buttons that can be read', (hex) => {
    const verdict = judge(hex);
    expect(verdict.words[at]).toBeGreaterThanOrEqual(READABLE);
    expect(verdict.letters[at]).toBeGreaterThanOrEqual(READABLE);
    const palette = paletteOf(hex);
    expect(contrast(palette['on-solid'][at], palette['solid-strong'][at])).toBeGreaterThanOrEqual(READABLE);
    expect(contrast(palette['accent-strong'][at], palette['accent-soft'][at])).toBeGreaterThanOrEqual(READABLE);
    expect(contrast({ l: 0.985, c: 0.01, h: 60 }, palette['bubble-mine'][at])).toBeGreaterThanOrEqual(READABLE);
  });
});

it('leaves a good colour alone, and says so', () => {
  const fig = judge('#8a2b5c');
  expect(fig.moved[0]).toBe(false);
  expect(fig.own[0]).toBeGreaterThan(READABLE);
});

it('warns of colours that hardly stand out', () => {
  expect(judge('#fff7c2').moved[0]).toBe(true);
  expect(judge('#fff7c2').own[0]).toBeLessThan(1.5);
  expect(judge('#10131a').moved[1]).toBe(true);
});

it('puts dark letters on a pale button', () => {
  expect(paletteOf('#ffd166')['on-solid'][0].l).toBeLessThan(0.5);
  expect(paletteOf('#124a8c')['on-solid'][0].l).toBeGreaterThan(0.9);
});

it('is nothing for no colour, and for words that are none', () => {
  expect(accentStyle('')).toEqual({});
  expect(accentStyle('red; --ink: red')).toEqual({});
  expect(accentStyle('#1a73e8')['--solid']).toMatch(/^light-dark\(oklch\([\d. ]+\), oklch\([\d. ]+\)\)$/);
});

it('shows a sample by day and by night, also of the colours of the house', () => {
  expect(sampleStyle('', 0)['--solid']).toBe('oklch(0.46 0.13 348)');
  expect(sampleStyle('', 1)['--paper']).toBe('oklch(0.212 0.018 325)');
  expect(sampleStyle('#1a73e8', 0)['--solid']).not.toBe(sampleStyle('', 0)['--solid']);
});
