/** One scale for everybody: no screen has sizes, spaces, weights, colours or times of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..');

interface Declaration {
  file: string;
  property: string;
  value: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.svelte'));

const declarations = files.flatMap((file): Declaration[] => {
  const css = /<style>([\s\S]*)<\/style>/.exec(readFileSync(join(SRC, file), 'utf8'))?.[1] ?? '';
  const bare = css.replace(/\/\*[\s\S]*?\*\//g, '');
  return [...bare.matchAll(/(?:^|[;{}\s])(-{0,2}[a-z][a-z-]*):\s*([^;{}]+);/g)].map((found) => ({
    file,
    property: found[1] ?? '',
    value: (found[2] ?? '').replace(/\s+/g, ' '),
  }));
});

/** What may stand outside of the scale, by file, and why. */
const ALLOWED: Record<string, RegExp> = {
  // A part of an avatar's size, or of the text around it.
  'ui/Avatar.svelte': /var\(--avatar-size\)/,
  'ui/Markdown.svelte': /em\b/,
  // Cameras want black on white, and so does paper.
  'ui/Qr.svelte': /^#(fff|000)$/,
  'features/auth/security/Codes.svelte': /^#000$/,
  // The house owl, and what an admin picks a colour from, are pictures of colours.
  'ui/Owl.svelte': /oklch/,
  'ui/Perch.svelte': /oklch/,
  'features/admin/AccentField.svelte': /#fff|rgb\(/,
  // The owl sits on the card's upper edge; a person's row begins below their name.
  'ui/Welcome.svelte': /^2\.6rem$|^-2\.9rem auto 0$/,
  'features/rooms/Banned.svelte': /^4rem$/,
  // Half of a handle, so that its middle is on the line.
  'ui/Crop.svelte': /^-0\.5625rem$/,
  // The line around what is on screen is part of no rhythm.
  'features/ConnectionLine.svelte': /^-1px$/,
  'ui/Choice.svelte': /^3px$/,
  // Bars of a meter are a picture of a number, and follow it as quickly as it changes.
  'features/calls/Meter.svelte': /oklch|^[23]px$| 60ms linear$/,
  'features/calls/Quality.svelte': /oklch|^[23]px$/,
  // Digits that are read aloud, as large as one reads at arm's length.
  'features/calls/Secrecy.svelte': /oklch|1\.6rem/,
};

/** A call is dusk in every theme, since pictures glow in it: its colours are those of the scene and not of a surface. */
const DUSK = /^features\/calls\//;
const allowed = (file: string): RegExp | undefined => ALLOWED[file] ?? (DUSK.test(file) ? /oklch/ : undefined);

const strange = (property: RegExp, refuses: (value: string) => boolean): string[] =>
  declarations
    .filter((each) => property.test(each.property) && refuses(each.value) && !allowed(each.file)?.test(each.value))
    .map((each) => `${each.file}: ${each.property}: ${each.value}`);

const withoutSums = (value: string): string => value.replace(/(?:calc|max|min|clamp)\((?:[^()]|\([^()]*\))*\)/g, '');

it('reads the styles of every screen', () => {
  expect(files.length).toBeGreaterThan(150);
  expect(declarations.length).toBeGreaterThan(2000);
});

it('letters have the sizes and weights of the scale', () => {
  expect(strange(/^font(-size)?$/, (value) => /\d(px|rem|em)\b/.test(value))).toEqual([]);
  expect(strange(/^font(-weight)?$/, (value) => /(^|\s)[1-9]00?(\s|$)|(^|\s)\d{3}(\s|$)/.test(value))).toEqual([]);
});

it('spaces are steps of the rhythm', () => {
  const odd = (value: string): boolean => /(?<![\w.-])-?(?!1px\b)\d*\.?\d+(px|rem|em)\b/.test(withoutSums(value));
  expect(strange(/^(padding|margin|gap|row-gap|column-gap)/, odd)).toEqual([]);
});

it('corners have the radii of the scale', () => {
  expect(strange(/^border-.*radius$/, (value) => /\d(px|rem|em)\b/.test(withoutSums(value)))).toEqual([]);
});

it('colours stand in tokens.css only', () => {
  const painted = /#[0-9a-f]{3,8}\b|\b(oklch|oklab|rgb|hsl|hwb|lab|lch)a?\(/i;
  expect(strange(/./, (value) => painted.test(value))).toEqual([]);
});

it('what moves takes its time from the tokens', () => {
  const timed = (value: string): boolean => {
    const times = [...value.matchAll(/(?<![\w.-])(\d*\.?\d+)(ms|s)\b/g)].map(
      (found) => Number(found[1]) * (found[2] === 's' ? 1000 : 1),
    );
    // What goes on and on has its own beat, and a delay is no movement.
    return times.length > 0 && !/infinite|backwards/.test(value);
  };
  const marks = /^flash 1\.6s/;
  expect(strange(/^(transition|animation)(-duration)?$/, (value) => timed(value) && !marks.test(value))).toEqual([]);
});
