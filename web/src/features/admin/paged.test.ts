import { expect, it, vi } from 'vitest';
import { Paged, type PageOf } from './paged.svelte';

const page = (items: number[], more = false): PageOf<number> => ({ items, more, total: 9 });

it('goes on after the last row that is here', async () => {
  const fetch = vi.fn((last: number | undefined) => Promise.resolve(last === undefined ? page([1, 2], true) : page([3])));
  const rows = new Paged(fetch);
  expect(rows.items).toBeNull();
  await rows.load();
  await rows.next();
  expect(fetch.mock.calls).toEqual([[undefined], [2]]);
  expect([rows.items, rows.more, rows.total]).toEqual([[1, 2, 3], false, 9]);
});

it('answers the later of two questions', async () => {
  const answers: ((page: PageOf<number>) => void)[] = [];
  const rows = new Paged<number>(() => new Promise((resolve) => answers.push(resolve)));
  const both = [rows.load(), rows.load()];
  answers[1]?.(page([2]));
  answers[0]?.(page([1]));
  await Promise.all(both);
  expect([rows.items, rows.busy]).toEqual([[2], false]);
});

it('keeps what is there when the next page fails, and says why', async () => {
  const answers = [Promise.resolve(page([1], true)), Promise.reject({ text: 'No connection.' })];
  const rows = new Paged<number>(() => answers.shift() ?? Promise.resolve(page([])));
  await rows.load();
  await rows.next();
  expect([rows.items, rows.problem, rows.busy]).toEqual([[1], 'No connection.', false]);
  await rows.next();
  expect(rows.problem).toBe('');
});

it('alters one row, and takes one out', async () => {
  const rows = new Paged<number>(() => Promise.resolve(page([1, 2, 3])));
  await rows.load();
  rows.alter((item) => item === 2, () => 20);
  rows.alter((item) => item === 3, () => null);
  expect(rows.items).toEqual([1, 20]);
});
