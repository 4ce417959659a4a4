import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sync } from '../../local/sync';
import type { Directory as Found } from '../../wire/protocol.gen';
import { Directory } from './directory.svelte';

const categories = [
  { id: 'b', name: 'Books' },
  { id: 'a', name: 'Art' },
];
const listed = (id: string, category = '', joined = false) => ({ room: { id, kind: 'public' as const, name: id, category }, joined });
const ALL: Found = { rooms: [listed('one', 'a'), listed('two', '', true), listed('three', 'b'), listed('four', 'gone')], categories };

let asked: string[];
let answers: Found[];
let ends: () => void;
let directory: Directory;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [ALL];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response(JSON.stringify(answers.shift() ?? ALL)));
  });
  directory = new Directory();
  ends = directory.open();
});

afterEach(() => {
  ends();
  vi.useRealTimers();
});

const settled = () => vi.advanceTimersByTimeAsync(1000);
const shown = () => directory.shelves.map(({ name, rooms }) => [name, ...rooms.map(({ room }) => room.id)]);

test('rooms stand under the headings in their order, those that one may join first, the others last', async () => {
  await settled();
  expect(shown()).toEqual([
    ['Books', 'three'],
    ['Art', 'one'],
    ['', 'four', 'two'],
  ]);
});

test('what is searched for is one row of rooms, asked for when somebody stops typing', async () => {
  await settled();
  for (const word of ['g', 'ga', 'gar']) directory.look(word);
  await settled();
  expect(asked).toEqual(['/api/rooms?', '/api/rooms?q=gar']);
  expect(shown()).toEqual([['', 'one', 'three', 'four', 'two']]);
});

test('more of them follow the last one', async () => {
  answers = [{ ...ALL, more: true }, { ...ALL, rooms: [listed('five')] }];
  await directory.load();
  expect(shown()).toHaveLength(1);
  void directory.next();
  void directory.next();
  await settled();
  expect(asked.slice(2)).toEqual(['/api/rooms?after=four']);
  expect(directory.rooms?.map(({ room }) => room.id)).toEqual(['one', 'two', 'three', 'four', 'five']);
  await directory.next();
  expect(asked).toHaveLength(3);
});

test('new categories are loaded, and one that is gone is no longer looked at', async () => {
  await settled();
  directory.choose('a');
  await settled();
  answers = [{ rooms: [], categories: [categories[0]!] }];
  sync.changes.send({ type: 'passing', event: { op: 'categories' } });
  await settled();
  expect(directory.category).toBe('');
  expect(asked.slice(1)).toEqual(['/api/rooms?category=a', '/api/rooms?category=a', '/api/rooms?']);
});

test('of two answers the later question counts', async () => {
  const late: ((found: Found) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise((done) => late.push((found) => done(new Response(JSON.stringify(found))))));
  void directory.load();
  void directory.load();
  late[1]!({ rooms: [listed('new')] });
  await settled();
  late[0]!({ rooms: [listed('old')] });
  await settled();
  expect(directory.rooms?.map(({ room }) => room.id)).toEqual(['new']);
});
