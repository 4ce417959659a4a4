import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../wire/errors';
import type { Command } from '../../wire/protocol.gen';
import { BEN, fresh, hear, here, last, live, ops, ROOM, seat, settled, THEIRS } from './fakePage';

beforeEach(fresh);

test('a call rings at the other, is answered, and the caller makes the first offer', async () => {
  await here.calls.start(ROOM, BEN, false);
  expect([here.calls.current?.phase, here.calls.current?.person.display]).toEqual(['calling', 'Ben']);
  await hear({ state: 'active', seat: seat() });
  expect(here.calls.current?.phase).toBe('connecting');
  expect(last('call_here')).toMatchObject({ call: 'call-1', seat: seat() });
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  const { instance, signal } = here.said.find(({ op }) => op === 'call_signal') as Extract<Command, { op: 'call_signal' }>;
  expect(instance).toBe(last('call_here').instance);
  expect(signal).toMatch(/^ben-1 \{"type":"offer"/);
  expect(here.peers[0]!.configuration.iceServers).toMatchObject([{ urls: ['turn:chat.example:3478'], username: 'u' }]);
});

test.each([[true, 'relay'], [false, 'all']] as const)('my address is hidden when I want that: %s', async (relay_calls, policy) => {
  const { arrived, NOTHING_HELD } = await import('../../local/owner');
  const chosen = { receipts: true, last_seen: true, invisible: false, sounds: false, toasts: true, enter_sends: true, relay_calls };
  arrived.send({ ...NOTHING_HELD, preferences: chosen });
  await live();
  expect(here.peers[0]!.configuration.iceTransportPolicy).toBe(policy);
});

test('a call that the server refuses leaves nothing behind', async () => {
  here.refuse = () => new ApiError('already_calling', 'You are in a call.');
  await expect(here.calls.start(ROOM, BEN, false)).rejects.toThrow();
  expect(here.calls.current).toBe(null);
});

test.each([['denied', 'mic-denied'], ['missing', 'mic-missing']] as const)('whose microphone is %s calls nobody', async (how, trouble) => {
  here.devicesAre = how;
  await here.calls.start(ROOM, BEN, false);
  expect([here.calls.current?.phase, here.calls.current?.outcome, here.calls.current?.trouble]).toEqual(['ended', 'failed', trouble]);
  expect(ops()).not.toContain('ring');
});

test('a page without https says so', async () => {
  vi.stubGlobal('navigator', { onLine: true });
  await here.calls.start(ROOM, BEN, false);
  expect(here.calls.current?.trouble).toBe('insecure');
});

test('nobody answered', async () => {
  await here.calls.start(ROOM, BEN, false);
  await hear({ state: 'ended', outcome: 'missed', seat: seat() });
  expect([here.calls.current?.phase, here.calls.current?.outcome, here.calls.current?.durationMs]).toEqual(['ended', 'missed', 0]);
});

test('what rings here is taken by this page, which then waits for the offer', async () => {
  await hear(THEIRS);
  expect([here.calls.incoming.length, here.calls.current]).toEqual([1, null]);
  here.calls.incoming[0]!.answer(true);
  expect([here.calls.incoming.length, here.calls.current?.phase, here.calls.current?.cameraOn]).toEqual([0, 'connecting', true]);
  await settled();
  await hear({ ...THEIRS, state: 'active', seat: last('answer_call').seat });
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  expect(ops()).not.toContain('call_signal');
  expect(here.peers).toHaveLength(1);
});

test('what was answered on another device stops ringing, and is known to go on there', async () => {
  await hear(THEIRS);
  await hear({ ...THEIRS, state: 'active', seat: 'another seat' });
  expect([here.calls.incoming.length, here.calls.current, here.calls.elsewhere.map(({ id }) => id)]).toEqual([0, null, ['call-1']]);
  await hear({ ...THEIRS, state: 'ended', outcome: 'answered', seat: 'another seat' });
  expect(here.calls.elsewhere).toEqual([]);
});

test('who was slower than another device is not in the call', async () => {
  here.refuse = () => new ApiError('call_elsewhere', 'Answered elsewhere.');
  await hear(THEIRS);
  here.calls.incoming[0]!.answer(false);
  await settled();
  expect([here.calls.incoming.length, here.calls.current]).toEqual([0, null]);
});

test('when both call at once, mine becomes the answer to theirs, also when the server says so first', async () => {
  let answer = (): void => undefined;
  here.hold = new Promise((done) => (answer = done));
  const started = here.calls.start(ROOM, BEN, false);
  await settled();
  await hear(THEIRS);
  answer();
  await started;
  await hear({ ...THEIRS, state: 'active', seat: seat() });
  expect([here.calls.incoming.length, here.calls.current?.incoming, here.calls.current?.phase]).toEqual([0, true, 'connecting']);
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  expect(ops()).not.toContain('call_signal');
});

test('when both call at once, mine becomes the answer to theirs', async () => {
  let answer = (): void => undefined;
  here.hold = new Promise((done) => (answer = done));
  const started = here.calls.start(ROOM, BEN, false);
  await settled();
  await hear({ ...THEIRS, id: 'call-2' });
  await hear({ ...THEIRS, id: 'call-2', state: 'active', seat: seat() });
  answer();
  await started;
  expect([here.calls.incoming.length, here.calls.current?.id, here.calls.current?.phase]).toEqual([0, 'call-2', 'connecting']);
  await here.calls.hear({ op: 'call_peer', call: 'call-2', here: true, instance: 'ben-1' });
  await settled();
  // Ben called first, so the first offer is his.
  expect(ops()).not.toContain('call_signal');
});
