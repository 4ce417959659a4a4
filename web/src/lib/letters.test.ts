import { expect, test } from 'vitest';
import { lettersLeft } from './letters';

test.each([
  ['a'.repeat(100), 120, 20],
  ['a'.repeat(100), 443, 300],
  ['ä'.repeat(100), 240, 20],
  ['\u{1f33b}'.repeat(10), 80, 10],
  ['👩‍👩‍👧‍👦'.repeat(4), 150, 2],
  ['', 30, 30],
  ['a'.repeat(100), 100, 0],
  ['a'.repeat(100), 97, -3],
  ['a'.repeat(100) + '\u{1f33b}', 102, -1],
  ['a'.repeat(97) + '👩‍👩‍👧‍👦b', 98, -2],
])('%#: what fits is told in letters', (text, limit, wanted) => {
  expect(lettersLeft(text, limit)).toBe(wanted);
});

test('of a pasted book it is told about how much has to go, at once', () => {
  const began = process.cpuUsage().user;
  expect(lettersLeft('a'.repeat(3_000_000), 8192)).toBe(8192 - 3_000_000);
  // Microseconds of work, whatever else the machine does.
  expect(process.cpuUsage().user - began).toBeLessThan(1_000_000);
});
