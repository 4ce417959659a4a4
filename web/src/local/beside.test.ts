import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LOCK, SOUND, WORDS } from './posting';

const done: string[] = [];
vi.mock('./outbox', () => ({ outbox: { takeUp: async () => void done.push('words') } }));
vi.mock('./speaking', () => ({ takeUp: async () => void done.push('sound') }));

type Heard = (event: { key: string; newValue: string | null }) => void;
let hear: Heard;
let notes: Record<string, string>;
/** By name: those that wait for a page to be gone. */
let waiting: Map<string, () => void>;

const note = (page: string): string => JSON.stringify({ page });
const passed = (): Promise<void> => new Promise((then) => setTimeout(then));

beforeEach(() => {
  [notes, waiting] = [{}, new Map()];
  done.length = 0;
  vi.stubGlobal('addEventListener', (_: 'storage', listener: Heard) => (hear = listener));
  const request = (name: string): Promise<void> => new Promise((then) => waiting.set(name, then));
  vi.stubGlobal('navigator', { locks: { request } });
  const storage = { getItem: (key: string) => notes[key] ?? null };
  vi.stubGlobal('localStorage', new Proxy(storage, { ownKeys: () => Object.keys(notes), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }));
  vi.resetModules();
});
afterEach(() => vi.unstubAllGlobals());

it('takes up what a page had under way once it is gone, and not before', async () => {
  await import('./beside');
  hear({ key: `${WORDS}c1`, newValue: note('other') });
  hear({ key: `${WORDS}c2`, newValue: note('other') });
  await passed();
  expect([[...waiting.keys()], done]).toEqual([[`${LOCK}other`], []]);
  waiting.get(`${LOCK}other`)!();
  await passed();
  expect(done).toEqual(['words']);
  waiting.clear();
  notes[`${SOUND}c3`] = note('other');
  hear({ key: `${SOUND}c3`, newValue: notes[`${SOUND}c3`]! });
  waiting.get(`${LOCK}other`)!();
  await vi.waitFor(() => expect(done).toEqual(['words', 'words', 'sound']));
});

it('knows of what was noted before it was there, and takes up what was said at once', async () => {
  notes = { [`${WORDS}c1`]: note('before'), [`${SOUND}c2`]: note('gone') };
  await import('./beside');
  expect([...waiting.keys()]).toEqual([`${LOCK}before`, `${LOCK}gone`]);
  await vi.waitFor(() => expect(done).toEqual(['sound']));
});

it('waits for nothing that is over, of something else, or cannot be read', async () => {
  await import('./beside');
  hear({ key: `${WORDS}c1`, newValue: null });
  hear({ key: 'safevoice.my.here', newValue: note('other') });
  hear({ key: `${WORDS}c1`, newValue: 'no note' });
  hear({ key: `${WORDS}c1`, newValue: '{}' });
  await passed();
  expect([waiting.size, done]).toEqual([0, []]);
});

it('leaves it to the next page where the browser has no locks', async () => {
  vi.stubGlobal('navigator', {});
  await import('./beside');
  hear({ key: `${WORDS}c1`, newValue: note('other') });
  await passed();
  expect(done).toEqual([]);
});
