/** For tests: a page that may be in calls, as it is just after loading, and a server that hears all it says. */
import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import { freshBrowser, ME } from '../../local/fake';
import { ApiError } from '../../wire/errors';
import type { Call, Command } from '../../wire/protocol.gen';
import type { Person } from '../people/people.svelte';
import { FakePeer } from './fake';

export const BEN: Person = { id: 'account-ben', name: 'ben', display: 'Ben' };
export const ROOM = 'room-ben';

interface Here {
  calls: typeof import('./calls.svelte').calls;
  said: Command[];
  peers: FakePeer[];
  refuse: (op: string) => ApiError | null;
  hold: Promise<void> | null;
  devicesAre: 'there' | 'denied' | 'missing';
}

export const here = {} as Here;
/** What outlives loading the page anew. */
let kept: Map<string, string>;

const track = () => ({ enabled: true, stop: () => undefined, onended: null });
export const media = {
  addEventListener: () => undefined,
  enumerateDevices: async () => [],
  getUserMedia: async () => {
    if (here.devicesAre === 'denied') throw Object.assign(new Error(), { name: 'NotAllowedError' });
    if (here.devicesAre === 'missing') throw Object.assign(new Error(), { name: 'NotFoundError' });
    return { getTracks: () => [track()] };
  },
};

class Quiet {
  srcObject = null;
  play = () => Promise.resolve();
  pause = () => undefined;
}

/** A page as it is just after loading. */
export async function load(): Promise<void> {
  vi.resetModules();
  ({ calls: here.calls } = await import('./calls.svelte'));
  const { connection: fresh } = await import('../connection.svelte');
  const { actFor: act } = await import('../../local/db');
  act(ME.id);
  vi.spyOn(fresh, 'tell').mockImplementation((command) => {
    here.said.push(command);
    if (command.op === 'ask_relay') void relayed();
    return true;
  });
  vi.spyOn(fresh, 'carryOut').mockImplementation(async (command) => {
    here.said.push(command);
    await here.hold;
    const refusal = here.refuse(command.op);
    if (refusal) throw refusal;
    return { op: 'ack', id: '', client_id: command.client_id, subject: 'call-1' };
  });
}

async function relayed(): Promise<void> {
  const { sync } = await import('../../local/sync');
  sync.event({ op: 'relay_keys', servers: [{ urls: ['turn:{host}:3478'], username: 'u', credential: 'c' }], expires_at: Date.now() + 4e7 });
}

export async function fresh(): Promise<void> {
  await freshBrowser();
  kept = new Map();
  Object.assign(here, { said: [], peers: [], refuse: () => null, hold: null, devicesAre: 'there' });
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
      here.peers.push(this);
    }
  });
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  await load();
}

export const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
export const ops = (): string[] => here.said.map(({ op }) => op);
export const last = <O extends Command['op']>(op: O) => here.said.findLast((each) => each.op === op) as Extract<Command, { op: O }>;
export const seat = (): string => last('ring').seat;

export function call(given: Partial<Call>): { call: Call; person: Person } {
  const made: Call = { id: 'call-1', room: ROOM, caller: ME.id, callee: BEN.id, video: false, state: 'ringing', began_at: 1, ...given };
  return { call: made, person: BEN };
}

export const hear = (given: Partial<Call>) => here.calls.hear({ op: 'call', ...call(given) });
export const THEIRS = { caller: BEN.id, callee: ME.id };

export async function live(): Promise<void> {
  await here.calls.start(ROOM, BEN, false);
  await hear({ state: 'active', seat: seat() });
  await here.calls.hear({ op: 'call_peer', call: 'call-1', here: true, instance: 'ben-1' });
  await settled();
}

export const standing = (given: Partial<Call>) => here.calls.hear({ op: 'calls', calls: [call(given)] });
export const hungUp = (): number => ops().filter((op) => op === 'hang_up').length;
