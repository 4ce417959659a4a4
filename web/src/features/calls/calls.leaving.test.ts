import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../../wire/errors';
import { BEN, fresh, hear, here, hungUp, last, live, load, media, ops, ROOM, seat, settled, standing, THEIRS } from './fakePage';

beforeEach(fresh);

test('who hangs up before the server has answered is not heard ringing', async () => {
  let answer = (): void => undefined;
  here.hold = new Promise((done) => (answer = done));
  const started = here.calls.start(ROOM, BEN, false);
  await settled();
  here.calls.current!.hangUp();
  expect(ops()).not.toContain('hang_up');
  answer();
  await started;
  expect(last('hang_up').call).toBe('call-1');
  here.calls.current!.dismiss();
  expect(here.calls.current).toBe(null);
});

test('that the other is in a call may be known before the call has an id here', async () => {
  let answer = (): void => undefined;
  here.hold = new Promise((done) => (answer = done));
  const started = here.calls.start(ROOM, BEN, false);
  await settled();
  await hear({ state: 'ended', outcome: 'busy', seat: seat() });
  answer();
  await started;
  expect([here.calls.current?.phase, here.calls.current?.outcome]).toEqual(['ended', 'busy']);
  expect(ops()).not.toContain('hang_up');
});

test('what is declined is gone at once', async () => {
  await hear(THEIRS);
  here.calls.incoming[0]!.decline();
  expect([here.calls.incoming.length, here.calls.current, last('decline_call').call]).toEqual([0, null, 'call-1']);
});

test('who gave up calling rings no more', async () => {
  await hear(THEIRS);
  await hear({ ...THEIRS, state: 'ended', outcome: 'cancelled' });
  expect([here.calls.incoming.length, here.calls.current]).toEqual([0, null]);
});

test('a call that was hung up does not come back with the network, and is hung up again', async () => {
  await live();
  here.calls.current!.hangUp();
  here.calls.current!.dismiss();
  await settled();
  const before = seat();
  here.said = [];
  const listens = vi.spyOn(media, 'getUserMedia');
  await standing({ state: 'active', seat: before });
  await hear({ state: 'active', seat: before });
  expect([here.calls.current, last('hang_up').call]).toEqual([null, 'call-1']);
  expect(listens).not.toHaveBeenCalled();
});

test('nor does it when the page was loaded anew meanwhile', async () => {
  await live();
  here.calls.current!.mute(true);
  here.calls.current!.hangUp();
  await settled();
  const before = seat();
  here.said = [];
  await load();
  await standing({ state: 'active', seat: before });
  expect([here.calls.current, last('hang_up').call]).toEqual([null, 'call-1']);
});

test('what was rung with no answer in time does not ring on by itself', async () => {
  here.refuse = (op) => (op === 'ring' ? new ApiError('timeout', 'Too long.') : null);
  await expect(here.calls.start(ROOM, BEN, false)).rejects.toThrow();
  await hear({ seat: seat() });
  expect([here.calls.current, last('hang_up').call]).toEqual([null, 'call-1']);
});

test('what rings is not given up though its answer was lost', async () => {
  let answer = (): void => undefined;
  here.hold = new Promise((done) => (answer = done));
  here.refuse = (op) => (op === 'ring' ? new ApiError('timeout', 'Too long.') : null);
  const started = here.calls.start(ROOM, BEN, false);
  await settled();
  await hear({ seat: seat() });
  answer();
  await started;
  expect([here.calls.current?.id, here.calls.current?.phase, hungUp()]).toEqual(['call-1', 'calling', 0]);
});

test.each(['storage_full', 'restarting', 'internal', 'rate_limited', 'offline'] as const)('hanging up is said again until it is heard: %s', async (code) => {
  await live();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  here.refuse = (op) => (op === 'hang_up' ? new ApiError(code, 'No.', { retry_after_ms: 20_000 }) : null);
  here.calls.current!.hangUp();
  await vi.advanceTimersByTimeAsync(19_000);
  expect(hungUp()).toBe(1);
  await vi.advanceTimersByTimeAsync(41_000);
  expect(hungUp()).toBe(4);
  here.refuse = () => null;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hungUp()).toBe(5);
  vi.useRealTimers();
});

test.each(['storage_full', 'restarting', 'offline'] as const)('declining is said again until it is heard, and it rings here no more meanwhile: %s', async (code) => {
  await hear(THEIRS);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const declined = (): number => ops().filter((op) => op === 'decline_call').length;
  here.refuse = (op) => (op === 'decline_call' ? new ApiError(code, 'No.') : null);
  here.calls.incoming[0]!.decline();
  await vi.advanceTimersByTimeAsync(1000);
  expect(declined()).toBe(2);
  await standing(THEIRS);
  expect(here.calls.incoming).toEqual([]);
  here.refuse = () => null;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([declined(), hungUp()]).toEqual([3, 0]);
  vi.useRealTimers();
});

test('a page that hears from nobody does not ring for ever, whoever called', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await hear(THEIRS);
  await vi.advanceTimersByTimeAsync(45_000);
  expect(here.calls.incoming).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(6_000);
  expect([here.calls.incoming, here.calls.current]).toEqual([[], null]);
  await here.calls.start(ROOM, BEN, false);
  here.refuse = () => new ApiError('offline', 'No.');
  await vi.advanceTimersByTimeAsync(45_000);
  expect(here.calls.current?.phase).toBe('calling');
  await vi.advanceTimersByTimeAsync(6_000);
  expect([here.calls.current?.phase, here.calls.current?.outcome]).toEqual(['ended', 'missed']);
  // Should it ring there all the same, it stops once the server can be told.
  expect(last('hang_up').call).toBe('call-1');
  vi.useRealTimers();
});

test('what was answered in time goes on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await here.calls.start(ROOM, BEN, false);
  await hear({ state: 'active', seat: seat() });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([here.calls.current?.phase, hungUp()]).toEqual(['connecting', 0]);
  vi.useRealTimers();
});

test('what was answered elsewhere before it was declined here is not declined for ever', async () => {
  await hear(THEIRS);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  here.refuse = (op) => (op === 'decline_call' ? new ApiError('call_elsewhere', 'No.') : null);
  here.calls.incoming[0]!.decline();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ops().filter((op) => op === 'decline_call')).toHaveLength(1);
  vi.useRealTimers();
});

test('a call that the server does not know is not hung up for ever', async () => {
  await live();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  here.refuse = (op) => (op === 'hang_up' ? new ApiError('not_found', 'No.') : null);
  here.calls.current!.hangUp();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hungUp()).toBe(1);
  vi.useRealTimers();
});

test('whoever hears on the link that the other one went tells the server too', async () => {
  await live();
  const channel = here.peers[0]!.channel as unknown as { onmessage: (event: { data: string }) => void };
  channel.onmessage({ data: JSON.stringify({ type: 'bye' }) });
  expect([here.calls.current?.phase, here.calls.current?.outcome, last('hang_up').call]).toEqual(['ended', 'answered', 'call-1']);
});

test('another page that took the seat has the call, and this one hangs nothing up', async () => {
  await live();
  await here.calls.hear({ op: 'call_taken', call: 'call-1' });
  expect(here.calls.current).toBe(null);
  await standing({ state: 'active', seat: seat() });
  expect([here.calls.current, here.calls.elsewhere.length]).toEqual([null, 1]);
  expect(ops()).not.toContain('hang_up');
});

test('hanging up ends it here at once, and tells how long it was', async () => {
  await live();
  here.peers[0]!.become('connected');
  here.calls.current!.hangUp();
  expect([here.calls.current?.phase, here.calls.current?.outcome]).toEqual(['ended', 'answered']);
  expect(last('hang_up').call).toBe('call-1');
  // The link is there for as long as a last word takes.
  await vi.waitFor(() => expect(here.peers[0]!.signalingState).toBe('closed'));
  await hear({ state: 'ended', outcome: 'answered', seat: seat(), answered_at: 1000, ended_at: 5000 });
  expect(here.calls.current?.phase).toBe('ended');
});

test('whoever signs out is in no call', async () => {
  await live();
  const { forget: signedOut } = await import('../../local/owner');
  signedOut.send();
  expect([here.calls.current, here.peers[0]!.signalingState]).toEqual([null, 'closed']);
});
