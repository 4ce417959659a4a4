import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { freshBrowser, HALL, joinedHall, ME, message, told } from '../../local/fake';
import { sync } from '../../local/sync';
import { lookOnDevice } from './device';

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

it('finds what this device keeps, the newest first, and people and rooms by name', async () => {
  const found = await lookOnDevice('tomat', '', 'newest');
  expect(found.hits.map(({ message }) => message)).toEqual(['m4', 'm2', 'm1']);
  expect((await lookOnDevice('hal', '', 'newest')).rooms.map(({ id }) => id)).toEqual([HALL]);
  expect((await lookOnDevice('ben', '', 'newest')).people.map(({ name }) => name)).toEqual(['ben']);
  expect((await lookOnDevice('ben', HALL, 'newest')).people).toEqual([]);
});

it('puts whole words first when the best are wanted, and looks inside of words for more', async () => {
  const found = await lookOnDevice('haus', '', 'best');
  expect(found.hits.map(({ message }) => message)).toEqual(['m2']);
  expect((await lookOnDevice('tomatoes', '', 'best')).hits.map(({ message }) => message)).toEqual(['m1']);
});

it('means people and rooms by their names', async () => {
  expect((await lookOnDevice('from:ben in:hall', '', 'newest')).hits).toHaveLength(4);
  expect((await lookOnDevice('from:nobody', '', 'newest')).hits).toEqual([]);
  expect((await lookOnDevice('  ', '', 'newest')).hits).toEqual([]);
});
