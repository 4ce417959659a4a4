import { describe, expect, test } from 'vitest';
import { NOTHING, progressOf, readersOf } from './receipts';

const mark = (person: string, delivered: number, read: number) => ({ person, delivered, read });
const small = (...marks: ReturnType<typeof mark>[]) => ({ ...NOTHING, marks });

describe('a tick', () => {
  test('stands for all of the others', () => {
    expect(progressOf(5, small(mark('b', 5, 0), mark('c', 4, 0))).tick).toBe('sent');
    expect(progressOf(5, small(mark('b', 5, 0), mark('c', 6, 5)))).toEqual({ tick: 'delivered', read: 1, of: 2 });
    expect(progressOf(5, small(mark('b', 5, 5), mark('c', 6, 6))).tick).toBe('read');
  });

  test('what was read was delivered, whatever its mark says', () => {
    expect(progressOf(5, small(mark('b', 0, 5), mark('c', 5, 0))).tick).toBe('delivered');
  });

  test('is only "sent" where nobody shows more', () => {
    expect(progressOf(5, NOTHING)).toEqual({ tick: 'sent', read: 0, of: 0 });
  });

  test('counts the steps of a large room', () => {
    const steps = [{ seq: 9, count: 20 }, { seq: 5, count: 4 }, { seq: 2, count: 6 }];
    expect(progressOf(5, { marks: [], steps, others: 30 })).toEqual({ tick: 'sent', read: 24, of: 30 });
    expect(progressOf(2, { marks: [], steps, others: 30 }).tick).toBe('read');
  });
});

test('everybody stands in one list', () => {
  const marks = [mark('b', 9, 9), mark('c', 9, 1), mark('d', 1, 1)];
  expect(readersOf(5, marks)).toEqual({ read: ['b'], delivered: ['c'], waiting: ['d'] });
});
