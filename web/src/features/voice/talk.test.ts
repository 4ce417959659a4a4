import { beforeEach, expect, test, vi } from 'vitest';
import { Signal } from '../../lib/signal';
import type { LinkState, LinkWants } from '../calls/link';
import { DONE, HEARD, linkFor, READY, Talk } from './talk.svelte';

class Wire {
  readonly changed = new Signal<LinkState>();
  readonly heard = new Signal<string>();
  readonly said: string[] = [];
  constructor(readonly wants: LinkWants) {
    made.push(this);
    if (broken) throw new Error('no more connections');
  }
  tell = (word: string): boolean => this.said.push(word) > 0;
  put = async (): Promise<void> => undefined;
  hear = (): void => undefined;
  close = (): void => undefined;
}

const made: Wire[] = [];
let broken = false;
let begun = '';
const passing = new Signal<unknown>();

vi.mock('../calls/link', () => ({ Link: class { constructor(wants: LinkWants) { return new Wire(wants); } } }));
vi.mock('../calls/relay', () => ({ relay: { servers: async () => [] } }));
vi.mock('../calls/tones', () => ({ sound: () => undefined }));
vi.mock('../../local/sync', () => ({ sync: { changes: { on: (each: (change: unknown) => void) => passing.on(each) } } }));
vi.mock('../connection.svelte', () => ({
  connection: { tell: (command: { op: string; talk: string }) => (command.op === 'begin_talk' && (begun = command.talk), true) },
}));

beforeEach(() => {
  vi.useFakeTimers();
  made.length = 0;
  broken = false;
  return () => vi.useRealTimers();
});

async function talk(came = (): void => undefined): Promise<Talk> {
  const one = new Talk('room', {} as MediaStreamTrack, came);
  passing.send({ type: 'passing', event: { op: 'talk_signal', talk: begun, signal: READY } });
  await vi.advanceTimersByTimeAsync(0);
  return one;
}

async function live(): Promise<{ one: Talk; wire: Wire }> {
  const one = await talk();
  made[0]!.changed.send('connected');
  return { one, wire: made[0]! };
}

test('was heard when whoever listens says so, over the link itself', async () => {
  const { one, wire } = await live();
  const over = one.end();
  expect(wire.said).toEqual([DONE]);
  wire.heard.send(HEARD);
  await expect(over).resolves.toBe(true);
});

test('was not heard when nobody answers, though the browser takes the link for alive', async () => {
  const { one } = await live();
  const over = one.end();
  await vi.advanceTimersByTimeAsync(1000);
  await expect(over).resolves.toBe(false);
});

test('was not heard when it breaks before the answer', async () => {
  const { one, wire } = await live();
  const over = one.end();
  wire.changed.send('interrupted');
  await expect(over).resolves.toBe(false);
});

test('says when it comes about, once', async () => {
  const came = vi.fn();
  await talk(came);
  expect(came).not.toHaveBeenCalled();
  made[0]!.changed.send('connected');
  made[0]!.changed.send('connected');
  expect(came).toHaveBeenCalledTimes(1);
});

test('is a message where the browser makes no more connections', async () => {
  broken = true;
  const one = await talk();
  expect(one.live).toBe(false);
  await expect(one.end()).resolves.toBe(false);
});

test('neither of both tells an address', async () => {
  await linkFor('talk', true);
  await linkFor('talk', false);
  expect(made.map(({ wants }) => wants.config.iceTransportPolicy)).toEqual(['relay', 'relay']);
});
