import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { freshBrowser, ME } from '../../local/fake';
import { ApiError } from '../../wire/errors';
import type { Call, Command } from '../../wire/protocol.gen';
import type { Person } from '../people/people.svelte';
import { FakePeer } from './fake';

const BEN: Person = { id: 'account-ben', name: 'ben', display: 'Ben' };
const ROOM = 'room-ben';

let { calls } = await import('./calls.svelte');
let said: Command[];
let peers: FakePeer[];
let kept: Map<string, string>;
let refuse: (op: string) => ApiError | null;
let hold: Promise<void> | null;
let devicesAre: 'there' | 'denied' | 'missing';

const track = () => ({ enabled: true, stop: () => undefined, onended: null });
const media = {
  addEventListener: () => undefined,
  enumerateDevices: async () => [],
  getUserMedia: async () => {
    if (devicesAre === 'denied') throw Object.assign(new Error(), { name: 'NotAllowedError' });
    if (devicesAre === 'missing') throw Object.assign(new Error(), { name: 'NotFoundError' });
    return { getTracks: () => [track()] };
  },
};

class Quiet {
  srcObject = null;
  play = () => Promise.resolve();
  pause = () => undefined;
}

/** A page as it is just after loading. */
async function load(): Promise<void> {
  vi.resetModules();
  ({ calls } = await import('./calls.svelte'));
  const { connection: fresh } = await import('../connection.svelte');
  const { actFor: act } = await import('../../local/db');
  act(ME.id);
  vi.spyOn(fresh, 'tell').mockImplementation((command) => {
    said.push(command);
    if (command.op === 'ask_relay') void relayed();
    return true;
  });
  vi.spyOn(fresh, 'carryOut').mockImplementation(async (command) => {
    said.push(command);
    await hold;
    const refusal = refuse(command.op);
    if (refusal) throw refusal;
    return { op: 'ack', id: '', client_id: command.client_id, subject: 'call-1' };
  });
}

async function relayed(): Promise<void> {
  const { sync } = await import('../../local/sync');
  sync.event({ op: 'relay_keys', servers: [{ urls: ['turn:{host}:3478'], username: 'u', credential: 'c' }], expires_at: Date.now() + 4e7 });
}

beforeEach(async () => {
  await freshBrowser();
  [said, peers, kept, refuse, hold, devicesAre] = [[], [], new Map(), () => null, null, 'there'];
  vi.stubGlobal('navigator', { mediaDevices: media, onLine: true });
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('location', { hostname: 'chat.example', origin: 'https://chat.example' });
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('Audio', Quiet);
  vi.stubGlobal('AudioContext', class {
    state = 'suspended';
    resume = async () => undefined;
  });
  vi.stubGlobal('MediaStream', class {});
  vi.stubGlobal('sessionStorage', { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value), clear: () => kept.clear() });
  vi.stubGlobal('RTCPeerConnection', class extends FakePeer {
    constructor(config: RTCConfiguration) {
      super();
      this.configuration = config;
      peers.push(this);
    }
  });
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  await load();
});

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
const ops = (): string[] => said.map(({ op }) => op);
const last = <O extends Command['op']>(op: O) => said.findLast((each) => each.op === op) as Extract<Command, { op: O }>;
const seat = (): string => last('ring').seat;

function call(given: Partial<Call>): { call: Call; person: Person } {
  const made: Call = { id: 'call-1', room: ROOM, caller: ME.id, callee: BEN.id, video: false, state: 'ringing', began_at: 1, ...given };
  return { call: made, person: BEN };
}

const hear = (given: Partial<Call>) => calls.hear({ op: 'call', ...call(given) });
const THEIRS = { caller: BEN.id, callee: ME.id };

async function live(): Promise<void> {
  await calls.start(ROOM, BEN, false);
  await hear({ state: 'active', seat: seat() });
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
}

test('a call rings at the other, is answered, and the caller makes the first offer', async () => {
  await calls.start(ROOM, BEN, false);
  expect([calls.current?.phase, calls.current?.person.display]).toEqual(['calling', 'Ben']);
  await hear({ state: 'active', seat: seat() });
  expect(calls.current?.phase).toBe('connecting');
  expect(last('call_here')).toMatchObject({ call: 'call-1', seat: seat() });
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  const { instance, signal } = said.find(({ op }) => op === 'call_signal') as Extract<Command, { op: 'call_signal' }>;
  expect(instance).toBe(last('call_here').instance);
  expect(signal).toMatch(/^ben-1 \{"type":"offer"/);
  expect(peers[0]!.configuration.iceServers).toMatchObject([{ urls: ['turn:chat.example:3478'], username: 'u' }]);
});

test('that there is no way is said until there is one, however often it is tried anew', async () => {
  await live();
  expect(calls.current?.trouble).toBe('');
  peers[0]!.become('failed');
  expect(calls.current?.trouble).toBe('no-way');
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-2' });
  await settled();
  expect(peers).toHaveLength(2);
  expect(calls.current?.trouble).toBe('no-way');
  peers[1]!.become('connected');
  expect(calls.current?.trouble).toBe('');
});

test('that there is no way is said also when it is the other one who tries anew', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  await live();
  const again = (instance: string) => calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance });
  await again('ben-2');
  expect(calls.current?.trouble).toBe('');
  vi.advanceTimersByTime(12_000);
  await again('ben-3');
  expect(calls.current?.trouble).toBe('no-way');
  vi.useRealTimers();
});

test.each([[true, 'relay'], [false, 'all']] as const)('my address is hidden when I want that: %s', async (relay_calls, policy) => {
  const { arrived, NOTHING_HELD } = await import('../../local/owner');
  const chosen = { receipts: true, last_seen: true, invisible: false, sounds: false, toasts: true, enter_sends: true, relay_calls };
  arrived.send({ ...NOTHING_HELD, preferences: chosen });
  await live();
  expect(peers[0]!.configuration.iceTransportPolicy).toBe(policy);
});

test('a call that the server refuses leaves nothing behind', async () => {
  refuse = () => new ApiError('already_calling', 'You are in a call.');
  await expect(calls.start(ROOM, BEN, false)).rejects.toThrow();
  expect(calls.current).toBe(null);
});

test.each([['denied', 'mic-denied'], ['missing', 'mic-missing']] as const)('whose microphone is %s calls nobody', async (how, trouble) => {
  devicesAre = how;
  await calls.start(ROOM, BEN, false);
  expect([calls.current?.phase, calls.current?.outcome, calls.current?.trouble]).toEqual(['ended', 'failed', trouble]);
  expect(ops()).not.toContain('ring');
});

test('a page without https says so', async () => {
  vi.stubGlobal('navigator', { onLine: true });
  await calls.start(ROOM, BEN, false);
  expect(calls.current?.trouble).toBe('insecure');
});

test('who hangs up before the server has answered is not heard ringing', async () => {
  let answer = (): void => undefined;
  hold = new Promise((done) => (answer = done));
  const started = calls.start(ROOM, BEN, false);
  await settled();
  calls.current!.hangUp();
  expect(ops()).not.toContain('hang_up');
  answer();
  await started;
  expect(last('hang_up').call).toBe('call-1');
  calls.current!.dismiss();
  expect(calls.current).toBe(null);
});

test('that the other is in a call may be known before the call has an id here', async () => {
  let answer = (): void => undefined;
  hold = new Promise((done) => (answer = done));
  const started = calls.start(ROOM, BEN, false);
  await settled();
  await hear({ state: 'ended', outcome: 'busy', seat: seat() });
  answer();
  await started;
  expect([calls.current?.phase, calls.current?.outcome]).toEqual(['ended', 'busy']);
  expect(ops()).not.toContain('hang_up');
});

test('nobody answered', async () => {
  await calls.start(ROOM, BEN, false);
  await hear({ state: 'ended', outcome: 'missed', seat: seat() });
  expect([calls.current?.phase, calls.current?.outcome, calls.current?.durationMs]).toEqual(['ended', 'missed', 0]);
});

test('what rings here is taken by this page, which then waits for the offer', async () => {
  await hear(THEIRS);
  expect([calls.incoming.length, calls.current]).toEqual([1, null]);
  calls.incoming[0]!.answer(true);
  expect([calls.incoming.length, calls.current?.phase, calls.current?.cameraOn]).toEqual([0, 'connecting', true]);
  await settled();
  await hear({ ...THEIRS, state: 'active', seat: last('answer_call').seat });
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  expect(ops()).not.toContain('call_signal');
  expect(peers).toHaveLength(1);
});

test('what was answered on another device stops ringing, and is known to go on there', async () => {
  await hear(THEIRS);
  await hear({ ...THEIRS, state: 'active', seat: 'another seat' });
  expect([calls.incoming.length, calls.current, calls.elsewhere.map(({ id }) => id)]).toEqual([0, null, ['call-1']]);
  await hear({ ...THEIRS, state: 'ended', outcome: 'answered', seat: 'another seat' });
  expect(calls.elsewhere).toEqual([]);
});

test('who was slower than another device is not in the call', async () => {
  refuse = () => new ApiError('call_elsewhere', 'Answered elsewhere.');
  await hear(THEIRS);
  calls.incoming[0]!.answer(false);
  await settled();
  expect([calls.incoming.length, calls.current]).toEqual([0, null]);
});

test('what is declined is gone at once', async () => {
  await hear(THEIRS);
  calls.incoming[0]!.decline();
  expect([calls.incoming.length, calls.current, last('decline_call').call]).toEqual([0, null, 'call-1']);
});

test('who gave up calling rings no more', async () => {
  await hear(THEIRS);
  await hear({ ...THEIRS, state: 'ended', outcome: 'cancelled' });
  expect([calls.incoming.length, calls.current]).toEqual([0, null]);
});

test('when both call at once, mine becomes the answer to theirs, also when the server says so first', async () => {
  let answer = (): void => undefined;
  hold = new Promise((done) => (answer = done));
  const started = calls.start(ROOM, BEN, false);
  await settled();
  await hear(THEIRS);
  answer();
  await started;
  await hear({ ...THEIRS, state: 'active', seat: seat() });
  expect([calls.incoming.length, calls.current?.incoming, calls.current?.phase]).toEqual([0, true, 'connecting']);
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  expect(ops()).not.toContain('call_signal');
});

test('when both call at once, mine becomes the answer to theirs', async () => {
  let answer = (): void => undefined;
  hold = new Promise((done) => (answer = done));
  const started = calls.start(ROOM, BEN, false);
  await settled();
  await hear({ ...THEIRS, id: 'call-2' });
  await hear({ ...THEIRS, id: 'call-2', state: 'active', seat: seat() });
  answer();
  await started;
  expect([calls.incoming.length, calls.current?.id, calls.current?.phase]).toEqual([0, 'call-2', 'connecting']);
  await calls.hear({ op: 'call_peer', call: 'call-2', here: true, instance: 'ben-1' });
  await settled();
  // Ben called first, so the first offer is his.
  expect(ops()).not.toContain('call_signal');
});

test('a page that is loaded anew takes its seat again, as it was', async () => {
  await live();
  const [before, instance] = [seat(), last('call_here').instance];
  peers[0]!.become('connected');
  calls.current!.mute(true);
  said = [];
  await load();
  await calls.hear({ op: 'calls', calls: [call({ state: 'active', seat: before })] });
  expect([calls.current?.phase, calls.current?.muted, calls.current?.since! > 0]).toEqual(['reconnecting', true, true]);
  expect(last('call_here')).toMatchObject({ call: 'call-1', seat: before });
  expect(last('call_here').instance).not.toBe(instance);
  const { since } = calls.current!;
  vi.setSystemTime(Date.now() + 60_000);
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  peers[1]!.become('connected');
  expect([calls.current?.phase, calls.current?.since]).toEqual(['live', since]);
});

const standing = (given: Partial<Call>) => calls.hear({ op: 'calls', calls: [call(given)] });
const hungUp = (): number => ops().filter((op) => op === 'hang_up').length;

test('a call that was hung up does not come back with the network, and is hung up again', async () => {
  await live();
  calls.current!.hangUp();
  calls.current!.dismiss();
  await settled();
  const before = seat();
  said = [];
  const listens = vi.spyOn(media, 'getUserMedia');
  await standing({ state: 'active', seat: before });
  await hear({ state: 'active', seat: before });
  expect([calls.current, last('hang_up').call]).toEqual([null, 'call-1']);
  expect(listens).not.toHaveBeenCalled();
});

test('nor does it when the page was loaded anew meanwhile', async () => {
  await live();
  calls.current!.mute(true);
  calls.current!.hangUp();
  await settled();
  const before = seat();
  said = [];
  await load();
  await standing({ state: 'active', seat: before });
  expect([calls.current, last('hang_up').call]).toEqual([null, 'call-1']);
});

test('what was rung with no answer in time does not ring on by itself', async () => {
  refuse = (op) => (op === 'ring' ? new ApiError('timeout', 'Too long.') : null);
  await expect(calls.start(ROOM, BEN, false)).rejects.toThrow();
  await hear({ seat: seat() });
  expect([calls.current, last('hang_up').call]).toEqual([null, 'call-1']);
});

test('what rings is not given up though its answer was lost', async () => {
  let answer = (): void => undefined;
  hold = new Promise((done) => (answer = done));
  refuse = (op) => (op === 'ring' ? new ApiError('timeout', 'Too long.') : null);
  const started = calls.start(ROOM, BEN, false);
  await settled();
  await hear({ seat: seat() });
  answer();
  await started;
  expect([calls.current?.id, calls.current?.phase, hungUp()]).toEqual(['call-1', 'calling', 0]);
});

test.each(['storage_full', 'restarting', 'internal', 'rate_limited', 'offline'] as const)('hanging up is said again until it is heard: %s', async (code) => {
  await live();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  refuse = (op) => (op === 'hang_up' ? new ApiError(code, 'No.', { retry_after_ms: 20_000 }) : null);
  calls.current!.hangUp();
  await vi.advanceTimersByTimeAsync(19_000);
  expect(hungUp()).toBe(1);
  await vi.advanceTimersByTimeAsync(41_000);
  expect(hungUp()).toBe(4);
  refuse = () => null;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hungUp()).toBe(5);
  vi.useRealTimers();
});

test('a call that the server does not know is not hung up for ever', async () => {
  await live();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  refuse = (op) => (op === 'hang_up' ? new ApiError('not_found', 'No.') : null);
  calls.current!.hangUp();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hungUp()).toBe(1);
  vi.useRealTimers();
});

test('whoever hears on the link that the other one went tells the server too', async () => {
  await live();
  const channel = peers[0]!.channel as unknown as { onmessage: (event: { data: string }) => void };
  channel.onmessage({ data: JSON.stringify({ type: 'bye' }) });
  expect([calls.current?.phase, calls.current?.outcome, last('hang_up').call]).toEqual(['ended', 'answered', 'call-1']);
});

test('a call of another page is not taken by this one', async () => {
  await calls.hear({ op: 'calls', calls: [call({ state: 'active', seat: 'another seat' })] });
  expect([calls.current, calls.elsewhere.length]).toEqual([null, 1]);
});

test('what the server no longer knows has ended', async () => {
  await live();
  await hear({ ...THEIRS, id: 'call-9' });
  await calls.hear({ op: 'calls', calls: [] });
  expect([calls.current?.phase, calls.current?.outcome, calls.incoming.length]).toEqual(['ended', 'answered', 0]);
});

test('the other page in another life gets another link, in the same life the same one', async () => {
  await live();
  await calls.hear({ op: 'call_peer', call: 'call-1', here: false });
  expect(calls.current?.theirs.here).toBe(false);
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  expect(peers).toHaveLength(1);
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-2' });
  await settled();
  expect([peers.length, peers[0]!.signalingState]).toEqual([2, 'closed']);
});

test('what was said to, or by, a former life is not heard', async () => {
  await live();
  const { instance } = last('call_here');
  const answer = (to: string) => `${to} ${JSON.stringify({ type: 'offer', n: 1, sdp: 'x' })}`;
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-2' });
  await settled();
  await calls.hear({ op: 'call_signal', call: 'call-1', instance: 'ben-1', signal: answer(instance) });
  await calls.hear({ op: 'call_signal', call: 'call-1', instance: 'ben-2', signal: answer('former') });
  await settled();
  expect([peers.length, peers[1]!.remoteDescription]).toEqual([2, null]);
});

test('a word to a former life of this page is not heard, one to this life is', async () => {
  await hear(THEIRS);
  calls.incoming[0]!.answer(false);
  await settled();
  await calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
  const offer = (to: string) => `${to} ${JSON.stringify({ type: 'offer', n: 1, sdp: 'm=audio' })}`;
  const say = (signal: string) => calls.hear({ op: 'call_signal', call: 'call-1', instance: 'ben-1', signal });
  await say(offer('former'));
  await settled();
  expect(peers[0]!.remoteDescription).toBe(null);
  await say(offer(last('call_here').instance));
  await settled();
  expect(peers[0]!.remoteDescription).not.toBe(null);
});

test('another page that took the seat has the call, and this one hangs nothing up', async () => {
  await live();
  await calls.hear({ op: 'call_taken', call: 'call-1' });
  expect(calls.current).toBe(null);
  await standing({ state: 'active', seat: seat() });
  expect([calls.current, calls.elsewhere.length]).toEqual([null, 1]);
  expect(ops()).not.toContain('hang_up');
});

test('hanging up ends it here at once, and tells how long it was', async () => {
  await live();
  peers[0]!.become('connected');
  calls.current!.hangUp();
  expect([calls.current?.phase, calls.current?.outcome]).toEqual(['ended', 'answered']);
  expect(last('hang_up').call).toBe('call-1');
  // The link is there for as long as a last word takes.
  await vi.waitFor(() => expect(peers[0]!.signalingState).toBe('closed'));
  await hear({ state: 'ended', outcome: 'answered', seat: seat(), answered_at: 1000, ended_at: 5000 });
  expect(calls.current?.phase).toBe('ended');
});

test('whoever signs out is in no call', async () => {
  await live();
  const { forget: signedOut } = await import('../../local/owner');
  signedOut.send();
  expect([calls.current, peers[0]!.signalingState]).toEqual([null, 'closed']);
});
