import { expect, it } from 'vitest';
import { called, nearness } from './calling';

const FOLK = [
  ['1', 'ada', 'Ada Lovelace', ''],
  ['2', 'adam', 'Adam', ''],
  ['3', 'zoe', 'Zoë Łukasiewicz', 'Granada'],
] as const;

it.each([
  ['ada', ['1']],
  ['ad', ['1', '2']],
  ['love ada', ['1']],
  ['lukas', ['3']],
  ['anada', ['3']],
  ['nobody', []],
  ['  ', []],
])('%s means the nearest names', (value, ids) => {
  expect(called(value, FOLK)).toEqual(ids);
});

it('tells how near the nearest name is', () => {
  const near = nearness('zoe');
  expect([near(['x', 'ZOË']), near(['Zoe L']), near(['Anzoel']), near(['Ada']), near([])]).toEqual([0, 1, 2, 3, 3]);
  expect(nearness('…')(['…'])).toBe(3);
});
