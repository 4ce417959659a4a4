import { beforeEach, expect, test, vi } from 'vitest';
import { call, fresh, hear, here, last, live, load, seat, settled, THEIRS } from './fakePage';

beforeEach(fresh);

test('that there is no way is said until there is one, however often it is tried anew', async () => {
  await live();
  expect(here.calls.current?.trouble).toBe('');
  here.peers[0]!.become('failed');
  expect(here.calls.current?.trouble).toBe('no-way');
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-2' });
  await settled();
  expect(here.peers).toHaveLength(2);
  expect(here.calls.current?.trouble).toBe('no-way');
  here.peers[1]!.become('connected');
  expect(here.calls.current?.trouble).toBe('');
});

test('that there is no way is said also when it is the other one who tries anew', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await live();
  const again = (instance: string) => here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance });
  await again('ben-2');
  expect(here.calls.current?.trouble).toBe('');
  vi.advanceTimersByTime(12_000);
  await again('ben-3');
  expect(here.calls.current?.trouble).toBe('no-way');
  vi.useRealTimers();
});

test('a page that is loaded anew takes its seat again, as it was', async () => {
  await live();
  const [before, instance] = [seat(), last('call_here').instance];
  here.peers[0]!.become('connected');
  here.calls.current!.mute(true);
  here.said = [];
  await load();
  await here.calls.hear({ op: 'calls', calls: [call({ state: 'active', seat: before })] });
  expect([here.calls.current?.phase, here.calls.current?.muted, here.calls.current?.since! > 0]).toEqual(['reconnecting', true, true]);
  expect(last('call_here')).toMatchObject({ call: 'call-1', seat: before });
  expect(last('call_here').instance).not.toBe(instance);
  const { since } = here.calls.current!;
  vi.setSystemTime(Date.now() + 60_000);
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  here.peers[1]!.become('connected');
  expect([here.calls.current?.phase, here.calls.current?.since]).toEqual(['live', since]);
});

test('a call of another page is not taken by this one', async () => {
  await here.calls.hear({ op: 'calls', calls: [call({ state: 'active', seat: 'another seat' })] });
  expect([here.calls.current, here.calls.elsewhere.length]).toEqual([null, 1]);
});

test('what the server no longer knows has ended', async () => {
  await live();
  await hear({ ...THEIRS, id: 'call-9' });
  await here.calls.hear({ op: 'calls', calls: [] });
  expect([here.calls.current?.phase, here.calls.current?.outcome, here.calls.incoming.length]).toEqual(['ended', 'answered', 0]);
});

test('the other page in another life gets another link, in the same life the same one', async () => {
  await live();
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: false });
  expect(here.calls.current?.theirs.here).toBe(false);
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  expect(here.peers).toHaveLength(1);
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-2' });
  await settled();
  expect([here.peers.length, here.peers[0]!.signalingState]).toEqual([2, 'closed']);
});

test('what was said to, or by, a former life is not heard', async () => {
  await live();
  const { instance } = last('call_here');
  const answer = (to: string) => `${to} ${JSON.stringify({ type: 'offer', n: 1, sdp: 'x' })}`;
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-2' });
  await settled();
  await here.calls.hear({ op: 'call_signal', call: 'call-1', instance: 'ben-1', signal: answer(instance) });
  await here.calls.hear({ op: 'call_signal', call: 'call-1', instance: 'ben-2', signal: answer('former') });
  await settled();
  expect([here.peers.length, here.peers[1]!.remoteDescription]).toEqual([2, null]);
});

test('a word to a former life of this page is not heard, one to this life is', async () => {
  await hear(THEIRS);
  here.calls.incoming[0]!.answer(false);
  await settled();
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  const offer = (to: string) => `${to} ${JSON.stringify({ type: 'offer', n: 1, sdp: 'm=audio' })}`;
  const say = (signal: string) => here.calls.hear({ op: 'call_signal', call: 'call-1', instance: 'ben-1', signal });
  await say(offer('former'));
  await settled();
  expect(here.peers[0]!.remoteDescription).toBe(null);
  await say(offer(last('call_here').instance));
  await settled();
  expect(here.peers[0]!.remoteDescription).not.toBe(null);
});
