import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connection } from '../connection.svelte';
import { FakePeer } from './fake';
import { MOST } from './media';
import { CAMERA, SCREEN, VOICE } from './mine.svelte';
import type { Seat } from './seat';

vi.mock('../connection.svelte', () => ({ connection: { online: true, retryNow: vi.fn(), tell: vi.fn(), carryOut: vi.fn(async () => ({})) } }));
vi.mock('../people/people.svelte', () => ({ people: { byId: () => null, asSeen: (person: unknown) => person } }));
vi.mock('../people/preferences.svelte', () => ({ preferences: { sounds: false, relay_calls: false } }));
vi.mock('./keeping', () => {
  const nothing = (): (() => void) => () => undefined;
  return { askBeforeLeaving: nothing, offerControls: nothing, onlyHere: nothing, stayAwake: nothing, tellControls: () => undefined };
});
vi.mock('./parting', () => ({ parting: { tell: () => undefined } }));
vi.mock('./relay', () => ({ relay: { servers: async () => [] } }));

const network = new EventTarget();
const page = new EventTarget();
let peers: Weak[];

/** Whose link carries next to nothing. */
class Weak extends FakePeer {
  room = 60_000;

  override async getStats(): Promise<Map<string, unknown>> {
    const pair = { id: 'pair', type: 'candidate-pair', timestamp: Date.now(), availableOutgoingBitrate: this.room, localCandidateId: 'mine' };
    const rows = [{ id: 'way', type: 'transport', selectedCandidatePairId: 'pair' }, pair, { id: 'mine', type: 'local-candidate', candidateType: 'host' }];
    return new Map(rows.map((row) => [row.id, row]));
  }
}

const track = () => ({ enabled: true, stop: () => undefined, onended: null });
const opened = (): object => ({ getTracks: () => [track()], getVideoTracks: () => [track()], getAudioTracks: () => [] });

const browser = {
  connection: network,
  mediaDevices: { addEventListener: () => undefined, enumerateDevices: async () => [], getUserMedia: async () => opened(), getDisplayMedia: async () => opened() },
};
// Its network is looked for as the module is loaded.
vi.stubGlobal('navigator', browser);
const { ThisCall } = await import('./call.svelte');

beforeEach(() => {
  vi.useFakeTimers();
  [peers, connection.retryNow] = [[], vi.fn()];
  Object.assign(connection, { online: true });
  vi.stubGlobal('navigator', browser);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('Audio', class { play = async () => undefined; pause = () => undefined; });
  vi.stubGlobal('MediaStream', class {});
  vi.stubGlobal('RTCPeerConnection', class extends Weak {
    constructor() {
      super();
      peers.push(this);
    }
  });
});

afterEach(() => void vi.useRealTimers());

/** A call that was answered, and whose link stands. */
async function live(): Promise<InstanceType<typeof ThisCall>> {
  const seat = { id: 'seat', keptOf: () => null, keep: () => undefined, forget: () => undefined } as unknown as Seat;
  const person = { id: 'ben', name: 'ben', display: 'Ben' };
  const call = new ThisCall({ id: 'call', room: 'room', person, incoming: false, video: false }, seat, () => undefined);
  call.begin();
  call.met(true, 'ben-1');
  await vi.advanceTimersByTimeAsync(0);
  peers[0]!.become('connected');
  return call;
}

test.each([['online', page], ['change', network]] as const)('another network (%s) means a new way, on the same link', async (event, where) => {
  await live();
  where.dispatchEvent(new Event(event));
  await vi.advanceTimersByTimeAsync(0);
  expect([peers.length, peers[0]!.restarts]).toEqual([1, 1]);
});

test('in a call a page tries for a server that went every 0.7 seconds, and leaves one alone that is there', async () => {
  const call = await live();
  await vi.advanceTimersByTimeAsync(7000);
  expect(connection.retryNow).not.toHaveBeenCalled();
  Object.assign(connection, { online: false });
  await vi.advanceTimersByTimeAsync(2100);
  expect(connection.retryNow).toHaveBeenCalledTimes(3);
  call.hangUp();
  await vi.advanceTimersByTimeAsync(7000);
  expect(connection.retryNow).toHaveBeenCalledTimes(3);
});

/** As the browser was last told to send it. */
const sent = (slot: number): unknown => peers[0]!.transceivers[slot]!.sender.parameters.encodings[0];

test('on a weak link a screen rests as a camera does, says so, and comes back', async () => {
  const call = await live();
  const told = vi.spyOn(peers[0]!.channel, 'send');
  peers[0]!.channel.readyState = 'open';
  await call.share();
  expect([call.sharing, call.audioOnly]).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(call.audioOnly).toBe(true);
  expect(sent(SCREEN)).toEqual({ maxBitrate: MOST.screen, active: false });
  expect(sent(CAMERA)).toMatchObject({ active: false });
  expect(sent(VOICE)).toMatchObject({ active: true });
  const last = (): unknown => JSON.parse((told.mock.calls as unknown as string[][]).at(-1)![0]!);
  expect(last()).toMatchObject({ type: 'state', sharing: true, audioOnly: true });
  peers[0]!.room = 0;
  await vi.advanceTimersByTimeAsync(12_000);
  expect(call.audioOnly).toBe(false);
  expect(sent(SCREEN)).toMatchObject({ active: true });
  expect(last()).toMatchObject({ sharing: true, audioOnly: false });
});

test('who sends no pictures on a weak link has none that rest', async () => {
  const call = await live();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(call.audioOnly).toBe(false);
  expect(sent(SCREEN)).toMatchObject({ active: true });
});

test('the screen of somebody whose pictures rest is not shown as it stood', async () => {
  const call = await live();
  const { onmessage } = peers[0]!.channel as unknown as { onmessage: (event: { data: string }) => void };
  const says = (audioOnly: boolean): void => onmessage({ data: JSON.stringify({ type: 'state', sharing: true, audioOnly }) });
  says(false);
  expect(call.theirScreen).not.toBe(null);
  says(true);
  expect(call.theirScreen).toBe(null);
});

test('words that this page does not know change nothing', async () => {
  const call = await live();
  const { onmessage } = peers[0]!.channel as unknown as { onmessage: (event: { data: string }) => void };
  onmessage({ data: 'null' });
  const before = JSON.stringify([call.phase, call.theirs, call.secrecy, call.code]);
  for (const data of ['', '7', 'null', '{}', '{"type":"later","code":"1"}', '{"op":"later"}']) onmessage({ data });
  expect(JSON.stringify([call.phase, call.theirs, call.secrecy, call.code])).toBe(before);
});
