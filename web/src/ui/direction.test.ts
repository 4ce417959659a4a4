import { expect, it } from 'vitest';

const files = import.meta.glob<string>(['../**/*.svelte', '../**/*.css'], { eager: true, query: '?raw', import: 'default' });

/** What stays where it is, whichever way text runs. */
const ALLOWED = new Set([
  '../ui/Markdown.svelte: text-align: left', // code, which is never turned
  '../app/Shell.svelte: padding-left: var(--safe-left)', // the notch of a phone
  '../app/Shell.svelte: padding-right: var(--safe-right)',
]);

const SIDED = /^(?:(?:margin|padding|border|scroll-margin|scroll-padding|inset)-)?(?:left|right)\b|^border-(?:top|bottom)-(?:left|right)-radius/;
const FOUR = /^(?:margin|padding|inset|border-width|border-color|border-style|scroll-margin|scroll-padding)$/;

/** By the side of the screen instead of by the side where a line begins or ends. */
function physical(property: string, value: string): boolean {
  if (SIDED.test(property)) return true;
  if (/^(?:text-align|float|clear)$/.test(property)) return /^(?:left|right)$/.test(value);
  if (/^(?:transform|translate)$/.test(property)) return /translateX\(-?[\d.]|^-?[\d.]+[a-z]/.test(value) && !/%/.test(value);
  const parts = value.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, '()').split(/\s+/);
  const whole = value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  return FOUR.test(property) && parts.length === 4 && whole[1] !== whole[3];
}

it('styles go by where a line begins, not by left and right', () => {
  const found: string[] = [];
  for (const [file, source] of Object.entries(files)) {
    const style = file.endsWith('.css') ? source : (/<style>([^]*)<\/style>/.exec(source)?.[1] ?? '');
    for (const [, property, value] of style.replace(/\/\*[^]*?\*\//g, '').matchAll(/(?<=[{;]\s*)([a-z-]+):\s*([^;{}]+);/g)) {
      if (physical(property!, value!)) found.push(`${file.replace(/^\.\//, '../ui/')}: ${property}: ${value}`);
    }
  }
  expect(Object.keys(files).length).toBeGreaterThan(150);
  expect(found.filter((each) => !ALLOWED.has(each)), 'use margin-inline-start, inset-inline-end, var(--ahead) and the like').toEqual([]);
  expect([...ALLOWED].filter((each) => !found.includes(each)), 'not needed any more').toEqual([]);
});

it('knows left and right when it sees them', () => {
  const wrong = ['left: 0', 'margin-right: 1px', 'padding: 0 1px 0 calc(2px + (1px * 2))', 'text-align: right', 'transform: translateX(4px)'];
  for (const each of wrong) expect(physical(...(each.split(': ') as [string, string])), each).toBe(true);
  const right = ['inset: 0 auto', 'padding: 0 var(--a) 1px var(--a)', 'text-align: start', 'margin-inline-start: 1px', 'padding: calc(1px + 2px) 0 3px'];
  for (const each of right) expect(physical(...(each.split(': ') as [string, string])), each).toBe(false);
});
