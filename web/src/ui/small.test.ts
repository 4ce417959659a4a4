import { describe, expect, it } from 'vitest';
import { codeIn, gapBefore } from './code';
import { qrPath } from './qr';
import { sparkPaths } from './spark';

describe('a code', () => {
  it.each([
    ['123 456', 'digits', 6, '123456'],
    ['Your code: 12-34-56.', 'digits', 6, '123456'],
    ['1234567', 'digits', 6, '123456'],
    ['abcd-efgh', 'letters', 8, 'ABCDEFGH'],
    ['https://chat.example/secret#K7MN2PQR', 'letters', 8, 'K7MN2PQR'],
    ['ü', 'letters', 8, ''],
  ] as const)('is read out of %j', (typed, kind, length, code) => {
    expect(codeIn(typed, kind, length)).toBe(code);
  });

  it('has a gap in the middle', () => {
    const gaps = (length: number): number[] => Array.from({ length }, (_, at) => at).filter((at) => gapBefore(at, length));
    expect([gaps(6), gaps(8), gaps(5)]).toEqual([[3], [4], []]);
  });
});

it('a QR code becomes one piece a run', () => {
  expect(qrPath([[true, true, false, true], [false, false, false, false], [false, true, true, true]])).toBe(
    'M0 0h2v1h-2zM3 0h1v1h-1zM1 2h3v1h-3z',
  );
});

describe('a small chart', () => {
  it('goes from edge to edge, with the highest value at the top', () => {
    expect(sparkPaths([0, 5, 10])).toEqual({ line: 'M0 100L50 50L100 0', area: 'M0 100L0 100L50 50L100 0V100Z' });
  });

  it('takes a given top and stays inside of it', () => {
    expect(sparkPaths([50, 250, -1], 100).line).toBe('M0 50L50 0L100 100');
  });

  it('leaves a hole where nothing is known', () => {
    expect(sparkPaths([2, null, 2, 2]).line).toBe('M0 0h0.01M66.67 0L100 0');
  });

  it('draws nothing from nothing, and a flat line on the ground from zeros', () => {
    expect(sparkPaths([])).toEqual({ line: '', area: '' });
    expect(sparkPaths([0, 0]).line).toBe('M0 100L100 100');
  });
});
