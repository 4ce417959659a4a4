import { expect, it } from 'vitest';
import { shown } from './snippet';

it.each([
  [['The **red** ', 'kettle', '.'], 'The red [kettle].'],
  [['The *chuck ', 'key', '* was in'], 'The chuck [key] was in'],
  [['`at` is a ', 'key'], 'at is a [key]'],
  [['…all. > **', 'Roof', '.** Second'], '…all. [Roof]. Second'],
  [['2*3 = 2 * 3, snake_case ', 'tea', ''], '2*3 = 2 * 3, snake_case [tea]'],
  [['no find here *at all*'], 'no find here at all'],
])('%j reads like the message', (snippet, text) => {
  expect(shown(snippet).map((piece, at) => (at % 2 ? `[${piece}]` : piece)).join('')).toBe(text);
});

it('begins near what was found', () => {
  const [first = '', found] = shown([`${'a long way to go '.repeat(9)}to the `, 'roof', '']);
  expect(found).toBe('roof');
  expect(first.length).toBeLessThan(60);
  expect(first.startsWith('…')).toBe(true);
  expect(first.endsWith('to the ')).toBe(true);
  expect(shown(['a long way to go '.repeat(9)])[0]?.length).toBeGreaterThan(100);
});
