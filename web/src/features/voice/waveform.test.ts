import { expect, it } from 'vitest';
import { MOST_LEVELS, packed, spoken, unpacked } from './waveform';

it('packs as many levels as a message may carry, the loudest of each part', () => {
  const levels = Array.from({ length: 640 }, (_, at) => (at % 10 === 3 ? at / 640 : 0));
  const bytes = [...atob(packed(levels))].map((byte) => byte.charCodeAt(0));
  expect(bytes).toHaveLength(MOST_LEVELS);
  expect(bytes.at(-1)).toBe(255);
  expect(bytes.every((byte, at) => at === 0 || byte >= bytes[at - 1]!)).toBe(true);
});

it('packs what was too short for a level, and silence, as something that the server takes', () => {
  expect(atob(packed([]))).toHaveLength(1);
  expect([...atob(packed([0, 0, 0.001]))].every((byte) => byte.charCodeAt(0) < 20)).toBe(true);
});

it('unpacks as many bars as are wanted, and none that cannot be seen', () => {
  expect(unpacked(packed([0, 0.5, 1]), 6)).toEqual([0.04, 0.04, 128 / 255, 128 / 255, 1, 1]);
  expect(unpacked('no base64!', 3)).toEqual([0.04, 0.04, 0.04]);
  expect(unpacked('', 2)).toEqual([0.04, 0.04]);
});

it('takes a fifth of a second of voice for speaking, a cough and a quiet room for none', () => {
  expect(spoken([0.02, 0.2, 0.3, 0.3, 0.2])).toBe(true);
  expect(spoken([0.02, 0.9, 0.9, 0.5, 0.03])).toBe(false);
  expect(spoken(Array.from({ length: 24 }, () => 0.06))).toBe(false);
});
