import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { freshBrowser, HALL, joinedHall, ME } from '../../local/fake';
import { sync } from '../../local/sync';
import { rooms } from '../rooms/rooms.svelte';
import { blocks } from '../people/blocks.svelte';
import { people } from '../people/people.svelte';
import { placesFor } from './named';

const keys = (...asked: Parameters<typeof placesFor>): string[] => placesFor(...asked).map(({ key }) => key);
const other = (id: string, name: string) => ({ ...rooms.get(HALL)!.room, id, name });

beforeEach(async () => {
  vi.stubGlobal('navigator', { onLine: true });
  await freshBrowser();
  sync.begin(ME.id, [], () => new Promise(() => undefined));
  const welcome = { op: 'welcome' as const, id: '', account: ME.id, device: 'device', now: 0, heartbeat_s: 30 };
  sync.welcome({ ...welcome, logs: [{ log: ME.id, after: 0, to: 1, reset: true, events: [joinedHall(1, 0)] }], summaries: [] });
  await new Promise((done) => setTimeout(done));
  people.remember([{ id: 'account-ben', name: 'ben', display: 'Ben' }]);
});

it('finds rooms and people of this device at once, without an answer', () => {
  expect(keys('hal', null)).toEqual([HALL]);
  expect(keys('ben', null)).toEqual(['account-ben']);
});

it('finds nobody by a filter, nor by what is left out', () => {
  for (const query of ['from:ben', 'ben -tea', '-ben', 'hall on:today', ' ']) expect(keys(query, null)).toEqual([]);
});

it('puts what the server adds behind what is here, and nothing twice', () => {
  const answer = { people: [people.byId('account-ben')!], rooms: [rooms.get(HALL)!.room, other('room-far', 'Halls of stone')] };
  expect(keys('hall', answer)).toEqual([HALL, 'room-far', 'account-ben']);
  expect(placesFor('hall', answer).map(({ entry, room }) => [entry !== undefined, room !== undefined])).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
});

it('leads to nobody whom I blocked, whoever names them', () => {
  const ben = people.byId('account-ben')!;
  vi.spyOn(blocks, 'has').mockImplementation((id) => id === ben.id);
  expect(keys('ben', { people: [ben], rooms: [] })).toEqual([]);
  vi.restoreAllMocks();
});

it('shows six at most', () => {
  const many = Array.from({ length: 9 }, (_, n) => other(`room-${n}`, `Hall ${n}`));
  expect(keys('hall', { people: [], rooms: many })).toHaveLength(6);
});

it('means names, and not letters that stand somewhere in them', () => {
  expect(keys('a', null)).toEqual([]);
  expect(keys('hl', null)).toEqual([]);
  expect(keys('all', null)).toEqual([HALL]);
});
