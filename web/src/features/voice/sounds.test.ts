import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { write } from '../../local/db';
import { deleted, freshBrowser, HALL, message } from '../../local/fake';
import { dropRoom } from '../../local/apply';
import { upsert } from '../../local/messages';
import type { Message } from '../../wire/protocol.gen';
import { soundFor, sweep } from './sounds';

const SITE = 'https://here';
const held = new Map<string, Response>();
const keyOf = (asked: string | { url: string }): string => new URL(typeof asked === 'string' ? asked : asked.url, SITE).href;
const cache = {
  match: async (asked: string) => held.get(keyOf(asked))?.clone(),
  put: async (asked: string, answer: Response) => void held.set(keyOf(asked), answer),
  keys: async () => [...held.keys()].map((url) => ({ url })),
  delete: async (asked: { url: string }) => held.delete(keyOf(asked)),
};
const fetched = vi.fn<(address: string) => Promise<Response>>();

beforeEach(async () => {
  held.clear();
  fetched.mockReset().mockImplementation(async () => new Response('sound'));
  vi.stubGlobal('caches', { open: async () => cache, has: async () => held.size > 0 });
  vi.stubGlobal('fetch', fetched);
  await freshBrowser();
});
afterEach(() => void vi.unstubAllGlobals());

const keep = (one: Message): Promise<void> => write(['messages'], (tx) => upsert(tx, one));
const listen = (seq: number): Promise<Blob | null> => soundFor({ file: `f${seq}`, message: `m${seq}`, clientId: '' });

test('what was listened to plays on without a network', async () => {
  await keep(message(1));
  await listen(1);
  fetched.mockRejectedValueOnce(new TypeError('offline'));
  expect(await (await listen(1))?.text()).toBe('sound');
  expect(fetched.mock.calls).toEqual([['/api/media/f1', { credentials: 'same-origin' }]]);
});

test('of a message that is deleted, or of a room that one left, no sound stays', async () => {
  for (const seq of [1, 2]) {
    await keep(message(seq));
    await listen(seq);
  }
  await sweep();
  expect(held.size).toBe(2);
  await keep(deleted(message(1), 9));
  await sweep();
  expect([...held.keys()]).toEqual([`${SITE}/api/media/f2?of=m2`]);
  await write(['messages', 'logs', 'rooms', 'drafts', 'outbox'], (tx) => dropRoom(tx, HALL));
  await sweep();
  expect(held.size).toBe(0);
});

test('what is not a message yet is not kept', async () => {
  await soundFor({ file: 'f1', message: '', clientId: 'c1' });
  expect(held.size).toBe(0);
});
