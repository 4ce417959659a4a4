import { beforeEach, expect, test, vi } from 'vitest';
import { connection } from '../connection.svelte';
import type { Person } from '../people/people.svelte';
import { calling } from './calling.svelte';
import { NO_CALLS } from './none';
import type { Calls, OneCall, Phase } from './shapes';
import { stage } from './stage.svelte';

const BEN: Person = { id: 'account-ben', name: 'ben', display: 'Ben' };
const of = (phase: Phase): OneCall => ({ phase, room: 'room-ben' }) as OneCall;

beforeEach(() => {
  Object.assign(stage, { calls: NO_CALLS, plan: null });
  vi.spyOn(connection, 'online', 'get').mockReturnValue(true);
});

test.each([
  ['calling', true],
  ['connecting', true],
  ['live', true],
  ['reconnecting', true],
  ['ended', false],
] as const)('somebody whose call is %s talks to somebody: %s, though calls may be on screen', (phase, busy) => {
  calling.on = true;
  stage.calls = { ...NO_CALLS, current: of(phase) };
  expect(stage.busy).toBe(busy);
});

test('what rings, or is about to be called, counts; that there was a call once does not', () => {
  calling.on = true;
  expect(stage.busy).toBe(false);
  stage.calls = { ...NO_CALLS, incoming: [of('incoming')] };
  expect(stage.busy).toBe(true);
  stage.calls = NO_CALLS;
  stage.plan = { room: 'room-ben', person: BEN };
  expect(stage.busy).toBe(true);
});

test('a call has the microphone from the moment in which it is asked for, and no longer when nothing came of it', async () => {
  const taken = vi.fn();
  stage.taken.on(taken);
  const start: Calls['start'] = () => Promise.reject(new Error('no'));
  stage.calls = { ...NO_CALLS, start };
  const called = stage.call('room-ben', BEN, false);
  expect([stage.busy, taken.mock.calls.length]).toEqual([true, 1]);
  await called;
  expect(stage.busy).toBe(false);
});
