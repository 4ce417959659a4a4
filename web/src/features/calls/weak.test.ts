import { expect, test } from 'vitest';
import { Weakness } from './weak';

const look = (room: number, lossThere = 0, rttMs = 50) => ({ room, lossThere, rttMs, route: 'direct' as const });
const GOOD = look(900);
const NARROW = look(80);

function after(weakness: Weakness, looks: ReturnType<typeof look>[], sending = true): boolean {
  for (const each of looks) weakness.look(each, sending);
  return weakness.resting;
}

const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

test('one bad moment is none', () => {
  expect(after(new Weakness(), [NARROW, NARROW, GOOD, NARROW, NARROW])).toBe(false);
});

test('pictures rest where too little gets through, or too much is lost', () => {
  expect(after(new Weakness(), times(3, NARROW))).toBe(true);
  expect(after(new Weakness(), times(3, look(900, 20)))).toBe(true);
});

test('a browser that does not say how much gets through is no weak link', () => {
  expect(after(new Weakness(), times(9, look(0)))).toBe(false);
});

test('who sends no pictures has none to rest', () => {
  for (let n = 1; n < 9; n++) expect(after(new Weakness(), times(n, NARROW), false)).toBe(false);
});

test('they come back when all is calm, and later each time that was too early', () => {
  const weakness = new Weakness();
  after(weakness, times(3, NARROW));
  expect(after(weakness, times(4, look(0)))).toBe(true);
  expect(after(weakness, [look(0)])).toBe(false);
  after(weakness, times(3, NARROW));
  expect(after(weakness, times(9, look(0)))).toBe(true);
  expect(after(weakness, [look(0)])).toBe(false);
});

test('as long as much is lost they rest', () => {
  const weakness = new Weakness();
  after(weakness, times(3, NARROW));
  expect(after(weakness, times(50, look(0, 9)))).toBe(true);
});

test('without a link nothing is known', () => {
  expect(new Weakness().look({ ...NARROW, route: '' } as never, true)).toBe(false);
});
