import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../wire/protocol.gen';
import { fetchAhead, ROOMS } from './ahead';
import { write } from './db';
import { disk, freshBrowser, message, page } from './fake';
import { keeping } from './kept';
import { beginLog } from './messages';
import { fetchPage } from './pages';

const NAMES = Array.from({ length: ROOMS + 5 }, (_, i) => `room-${i}`);

let asked: string[];
let open: number;
let most: number;
let hidden: boolean;
let waiting: (() => void)[];

beforeEach(async () => {
  await freshBrowser();
  await write(['logs'], async (tx) => {
    for (const name of NAMES) await beginLog(tx, name, 50);
  });
  [asked, open, most, hidden, waiting] = [[], 0, 0, false, []];
  vi.stubGlobal('document', {
    get visibilityState() {
      return hidden ? 'hidden' : 'visible';
    },
  });
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('fetch', async (address: string) => {
    const { pathname, searchParams } = new URL(address, 'http://x');
    const room = pathname.split('/')[3]!;
    asked.push(room);
    most = Math.max(most, ++open);
    if (searchParams.has('before')) await new Promise<void>((done) => waiting.push(done));
    else await new Promise((done) => setImmediate(done));
    open -= 1;
    const limit = Number(searchParams.get('limit'));
    const rows = Array.from({ length: limit }, (_, i) => message(50 - limit + 1 + i, { room, id: `${room}-${i}` }));
    return { ok: true, status: 200, json: async () => ({ ...page(rows, 50), room }) };
  });
});

test('the most recently active rooms are fetched one after the other, and only once', async () => {
  await fetchAhead(NAMES, () => true);
  expect(asked).toEqual(NAMES.slice(0, ROOMS));
  expect(most).toBe(1);
  const held = (await disk()).messages as Message[];
  expect(held.filter((row) => row.room === NAMES[0])).toHaveLength(keeping.ahead);
  await fetchAhead(NAMES, () => true);
  expect(asked).toHaveLength(ROOMS);
});

test('it ends when the page is hidden, when data is to be saved, and without a connection', async () => {
  hidden = true;
  await fetchAhead(NAMES, () => true);
  hidden = false;
  vi.stubGlobal('navigator', { connection: { saveData: true } });
  await fetchAhead(NAMES, () => true);
  vi.stubGlobal('navigator', {});
  await fetchAhead(NAMES, () => asked.length < 2);
  expect(asked).toEqual(NAMES.slice(0, 2));
});

test('it waits while somebody waits for a page', async () => {
  const wanted = fetchPage('room-9', { before: 10 });
  const ahead = fetchAhead(NAMES, () => true);
  await new Promise((done) => setTimeout(done, 30));
  expect(asked).toEqual(['room-9']);
  waiting.forEach((done) => done());
  await Promise.all([wanted, ahead]);
  expect(asked).toHaveLength(1 + ROOMS);
});
