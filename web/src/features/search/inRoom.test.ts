import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { HALL } from '../../local/fake';
import type { Answer } from './asking.svelte';
import { InRoom } from './inRoom.svelte';

const timeline = vi.hoisted(() => ({ jumpTo: vi.fn() }));
vi.mock('../messages/timelines', () => ({ timelineOf: () => timeline }));

const hit = (id: string) => ({ message: id, room: HALL, seq: 1, author: 'account-ben', at: 1, snippet: [id] });
const answer = (ids: string[], more: Partial<Answer> = {}): Answer => ({
  query: 'tea',
  order: 'newest',
  hits: ids.map(hit),
  rest: [],
  understood: [],
  people: [],
  rooms: [],
  more: false,
  cursor: '',
  since: 0,
  device: false,
  ...more,
});

beforeEach(() => timeline.jumpTo.mockReset());

function told(within: InRoom, what: Answer, busy = false): string {
  within.asking.answer = what;
  within.asking.busy = busy;
  within.answered();
  return within.where;
}

it('does not say no for the server, and leads to the first that it found', () => {
  const within = new InRoom(HALL);
  within.asking.wanted = 'tea';
  expect([told(within, answer([], { device: true }), true), within.nothing]).toEqual(['', false]);
  expect(told(within, answer(['a', 'b']))).toBe('1 of 2');
  expect([within.here, timeline.jumpTo.mock.calls]).toEqual(['a', [['a']]]);
  expect([told(within, answer([])), within.nothing]).toEqual(['Nothing found', true]);
});

it('stays where somebody is when the server knows of more', () => {
  const within = new InRoom(HALL);
  within.asking.wanted = 'tea';
  expect(told(within, answer(['b'], { device: true }), true)).toBe('1 of 1');
  expect(told(within, answer(['a', 'b']))).toBe('2 of 2');
  expect(timeline.jumpTo).toHaveBeenCalledTimes(1);
});
