import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { freshBrowser, HALL, joinedHall, ME, message, told } from '../../local/fake';
import { sync } from '../../local/sync';
import { lookOnDevice } from './device';

const look = (typed: string, room = '', order: 'newest' | 'best' = 'newest') => lookOnDevice(typed, room, order, () => true);
const found = async (...asked: Parameters<typeof look>): Promise<string[]> => (await look(...asked))!.hits.map(({ message }) => message);
const drawn = () => new Promise((done) => setTimeout(done));

beforeEach(async () => {
  vi.stubGlobal('navigator', { onLine: true });
  await freshBrowser();
  sync.begin(ME.id, [], () => new Promise(() => undefined));
  const welcome = { op: 'welcome' as const, id: '', account: ME.id, device: 'device', now: 0, heartbeat_s: 30 };
  const events = [joinedHall(1, 0)];
  sync.welcome({ ...welcome, logs: [{ log: ME.id, after: 0, to: 1, reset: true, events }], summaries: [] });
  await drawn();
  const said = ['Ripe tomatoes', 'The Tomatenhaus is open', 'nothing of that', 'Tomato!'];
  for (const [at, text] of said.entries()) sync.event(told(message(at + 1, { content: { type: 'text', text } })));
  await drawn();
});

it('finds what this device keeps, the newest first', async () => {
  expect(await found('tomat')).toEqual(['m4', 'm2', 'm1']);
  expect(await found('tomat', HALL)).toEqual(['m4', 'm2', 'm1']);
  expect(await found('tomat', 'room-garden')).toEqual([]);
});

it('puts whole words first when the best are wanted, and looks inside of words for more', async () => {
  expect(await found('haus', '', 'best')).toEqual(['m2']);
  expect(await found('tomatoes', '', 'best')).toEqual(['m1']);
});

it('means people and rooms by their names', async () => {
  expect(await found('from:ben in:hall')).toHaveLength(4);
  expect(await found('from:nobody')).toEqual([]);
  expect(await found('  ')).toEqual([]);
});

it('stops when something else is asked for', async () => {
  expect(await lookOnDevice('tomat', '', 'newest', () => false)).toBeNull();
});
