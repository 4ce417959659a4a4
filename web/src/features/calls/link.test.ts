import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dice } from '../../local/world';
import { agree, FakePeer } from './fake';
import { Link } from './link';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface End {
  link: Link;
  pc: FakePeer;
  /** On the way to the other. */
  out: string[];
}

const SLOTS = ['audio', 'video', 'video', 'audio'] as const;

function end(polite: boolean, renew?: () => Promise<RTCConfiguration>): End {
  const [pc, out] = [new FakePeer(), [] as string[]];
  const connect = () => pc as unknown as RTCPeerConnection;
  const link = new Link({ polite, slots: SLOTS, config: {}, signals: { send: (signal) => out.push(signal) }, connect, ...(renew && { renew }) });
  return { link, pc, out };
}

/** What is under way inside of a page, timers left out. */
async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await Promise.resolve();
}

async function exchange(...ends: [End, End]): Promise<void> {
  const [one, other] = ends;
  await settle();
  while (one.out.length || other.out.length) {
    for (const signal of one.out.splice(0)) other.link.hear(signal);
    for (const signal of other.out.splice(0)) one.link.hear(signal);
    await settle();
  }
}

async function linked(): Promise<[End, End]> {
  const ends: [End, End] = [end(false), end(true)];
  await exchange(...ends);
  return ends;
}

const kinds = (out: string[]): string[] => out.map((signal) => (JSON.parse(signal) as { type: string }).type);

test('two ends agree, each with all slots in both directions and the candidates of the other', async () => {
  const [ada, ben] = await linked();
  expect(agree(ada.pc, ben.pc)).toBe(true);
  for (const { pc } of [ada, ben]) {
    expect(pc.transceivers.map((one) => one.receiver.track.kind)).toEqual(SLOTS);
    expect(pc.transceivers.every((one) => one.direction === 'sendrecv')).toBe(true);
    expect(pc.candidates).toHaveLength(2);
    expect(pc.refused).toBe(0);
  }
  expect(ada.link.fingerprints).toEqual(ben.link.fingerprints?.toReversed());
});

test('the offer goes before anything was gathered', async () => {
  const ada = end(false);
  await settle();
  expect(kinds(ada.out)).toEqual(['offer', 'candidate', 'candidate']);
});

test('the polite end waits for the first offer', async () => {
  const ben = end(true);
  await settle();
  ben.link.restart();
  await settle();
  expect(ben.out).toEqual([]);
});

test('a track goes out without a word, also when it was there before the link', async () => {
  const [ada, ben] = [end(false), end(true)];
  const [voice, camera] = [{ id: 'voice' }, { id: 'camera' }] as unknown as MediaStreamTrack[];
  await ben.link.put(0, voice!);
  await exchange(ada, ben);
  expect(ben.pc.transceivers[0]!.sender.track).toBe(voice);
  await ada.link.put(1, camera!);
  await settle();
  expect(ada.pc.transceivers[1]!.sender.track).toBe(camera);
  expect([ada.out, ben.out]).toEqual([[], []]);
});

test('when both look for a new way at once, the polite end takes its offer back', async () => {
  const [ada, ben] = await linked();
  ada.link.restart();
  ben.link.restart();
  await settle();
  expect([kinds(ada.out)[0], kinds(ben.out)[0]]).toEqual(['offer', 'offer']);
  await exchange(ada, ben);
  expect(agree(ada.pc, ben.pc)).toBe(true);
  expect([ada.pc.refused, ben.pc.refused]).toEqual([0, 0]);
});

test('an answer to an offer that was taken back is nothing', async () => {
  const [ada, ben] = await linked();
  ben.link.restart();
  await settle();
  for (const signal of ben.out.splice(0)) ada.link.hear(signal);
  await settle();
  const late = ada.out.splice(0);
  ada.link.restart();
  await settle();
  // Ada's own offer overtakes her answer.
  for (const signal of [...ada.out.splice(0), ...late]) ben.link.hear(signal);
  await exchange(ada, ben);
  expect(ben.pc.refused).toBe(0);
  expect(agree(ada.pc, ben.pc)).toBe(true);
});

test('a lost offer is said again, with the candidates that are known by now', async () => {
  const [ada, ben] = [end(false), end(true)];
  await settle();
  ada.out.splice(0);
  await vi.advanceTimersByTimeAsync(4000);
  expect(kinds(ada.out)).toEqual(['offer']);
  await exchange(ada, ben);
  expect(agree(ada.pc, ben.pc)).toBe(true);
});

test('whoever comes back hears the offer at once, and a lost answer again', async () => {
  const [ada, ben] = [end(false), end(true)];
  await settle();
  for (const signal of ada.out.splice(0)) ben.link.hear(signal);
  await settle();
  ben.out.splice(0);
  ada.link.resume();
  expect(kinds(ada.out)).toEqual(['offer']);
  await exchange(ada, ben);
  expect(agree(ada.pc, ben.pc)).toBe(true);
});

test('a connection that is there is left alone when the other comes back, a broken one is not', async () => {
  const [ada] = await linked();
  ada.pc.become('connected');
  ada.link.resume();
  await settle();
  expect(ada.pc.restarts).toBe(0);
  ada.pc.become('disconnected');
  ada.link.resume();
  await settle();
  expect(ada.pc.restarts).toBe(1);
});

test('a way that is gone for sure is replaced, also when it does not show yet', async () => {
  const [ada, ben] = await linked();
  ada.pc.become('connected');
  ada.link.resume(true);
  await exchange(ada, ben);
  expect([ada.pc.restarts, agree(ada.pc, ben.pc)]).toEqual([1, true]);
});

test('an offer that nobody heard does not keep the next one waiting', async () => {
  const [ada, ben] = await linked();
  ada.pc.become('failed');
  await vi.advanceTimersByTimeAsync(0);
  await settle();
  expect(kinds(ada.out)[0]).toBe('offer');
  ada.out.splice(0);
  ada.link.resume(true);
  await exchange(ada, ben);
  // What was gathered while nothing could be reached is answered, and then asked for once more.
  expect([ada.pc.restarts, agree(ada.pc, ben.pc), ada.pc.signalingState]).toEqual([2, true, 'stable']);
});

test('a link that is quiet for a moment looks for another way, and goes on looking', async () => {
  const [ada] = await linked();
  ada.pc.become('connected');
  ada.pc.become('disconnected');
  await vi.advanceTimersByTimeAsync(1000);
  expect([ada.link.state, ada.pc.restarts]).toEqual(['interrupted', 0]);
  await vi.advanceTimersByTimeAsync(300);
  expect(ada.pc.restarts).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(ada.pc.restarts).toBe(2);
  ada.pc.become('connected');
  await vi.advanceTimersByTimeAsync(60_000);
  expect([ada.link.state, ada.pc.restarts]).toEqual(['connected', 2]);
});

test('a moment of silence is no reason to do anything', async () => {
  const [ada] = await linked();
  ada.pc.become('connected');
  ada.pc.become('disconnected');
  ada.pc.become('connected');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ada.pc.restarts).toBe(0);
});

test('keys are renewed before another way is looked for, and nothing waits for them', async () => {
  let give = (_: RTCConfiguration): void => undefined;
  const ada = end(false, () => new Promise((done) => (give = done)));
  const ben = end(true);
  await exchange(ada, ben);
  ada.link.restart();
  ben.link.restart();
  await exchange(ada, ben);
  expect([agree(ada.pc, ben.pc), ada.pc.restarts]).toEqual([true, 0]);
  give({ iceServers: [{ urls: 'turn:new' }] });
  await exchange(ada, ben);
  expect([agree(ada.pc, ben.pc), ada.pc.restarts]).toEqual([true, 1]);
  expect(ada.pc.configuration.iceServers).toEqual([{ urls: 'turn:new' }]);
});

test('candidates that overtake their description wait for it', async () => {
  const [ada, ben] = [end(false), end(true)];
  await settle();
  for (const signal of ada.out.splice(0).toReversed()) ben.link.hear(signal);
  await settle();
  expect([ben.pc.candidates.length, ben.pc.refused]).toEqual([2, 0]);
});

test('nonsense is not listened to, and a description that is refused stops nothing', async () => {
  const [ada, ben] = await linked();
  for (const word of ['', '{', 'null', '7', '{"type":"offer"}', '{"type":"candidate","candidate":null}', '{"type":"x"}']) ada.link.hear(word);
  ada.link.hear(JSON.stringify({ type: 'candidate', candidate: { candidate: 'bad' } }));
  ben.link.restart();
  await exchange(ada, ben);
  expect(agree(ada.pc, ben.pc)).toBe(true);
});

test('whoever comes with another certificate in mid-link is not listened to', async () => {
  const [ada, ben] = await linked();
  const known = ada.link.fingerprints;
  ben.link.restart();
  await settle();
  const forged = ben.out.splice(0).map((signal) => signal.replaceAll(ben.pc.fingerprint, 'EE:EE'));
  for (const signal of forged) ada.link.hear(signal);
  await settle();
  expect([ada.link.fingerprints, kinds(ada.out)]).toEqual([known, []]);
  ada.link.restart();
  await settle();
  for (const signal of ada.out.splice(0)) ben.link.hear(signal);
  await settle();
  for (const signal of ben.out.splice(0)) ada.link.hear(signal.replaceAll(ben.pc.fingerprint, 'EE:EE'));
  await settle();
  expect(ada.link.fingerprints).toEqual(known);
});

test('after its end nothing is sent and nothing is heard', async () => {
  const [ada, ben] = await linked();
  ben.link.restart();
  await settle();
  ada.link.close();
  for (const signal of ben.out.splice(0)) ada.link.hear(signal);
  ada.link.restart();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([ada.out, ada.pc.signalingState, ada.link.state]).toEqual([[], 'closed', 'closed']);
});

test('however signals are lost and overtaken, both agree in the end', async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const roll = dice(seed);
    const ends: [End, End] = [end(false), end(true)];
    for (let step = 0; step < 60; step++) {
      const from = ends[roll(2)]!;
      const to = ends[from === ends[0] ? 1 : 0]!;
      const what = roll(8);
      if (what === 0) from.link.restart();
      else if (what === 1) await vi.advanceTimersByTimeAsync(1500);
      else if (what === 2) from.out.splice(roll(Math.max(1, from.out.length)), 1);
      else for (const signal of from.out.splice(roll(Math.min(3, from.out.length || 1)), 1)) to.link.hear(signal);
      await settle();
    }
    // From here nothing is lost any more, and what waits to be said again is.
    for (const each of ends) each.link.resume();
    await exchange(...ends);
    for (let i = 0; i < 12; i++) {
      await vi.advanceTimersByTimeAsync(4000);
      await exchange(...ends);
    }
    expect(agree(ends[0].pc, ends[1].pc), `seed ${seed}`).toBe(true);
    for (const each of ends) each.link.close();
  }
});
