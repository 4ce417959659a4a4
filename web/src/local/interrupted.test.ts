import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { read, write } from './db';
import { freshBrowser, HALL } from './fake';
import { finish, giveUp, interrupted } from './interrupted';
import { outbox } from './outbox';
import { LOCK } from './posting';
import { begin, inHand, keep, soundOf, takeUp } from './speaking';

const SOUND = new Blob(['said'], { type: 'audio/webm' });
const SAID = { duration_ms: 120_000, waveform: 'AAAA' };
const KNOWN = { room: HALL, replyTo: 'm7', said: SAID };

/** Pages that are there. */
let pages: string[];
let notes: Record<string, string>;

beforeEach(async () => {
  [pages, notes] = [[], {}];
  const query = async () => ({ held: pages.map((page) => ({ name: LOCK + page })) });
  vi.stubGlobal('navigator', { locks: { query } });
  const storage = {
    getItem: (key: string) => notes[key] ?? null,
    setItem: (key: string, value: string) => (notes[key] = value),
    removeItem: (key: string) => delete notes[key],
  };
  vi.stubGlobal('localStorage', new Proxy(storage, { ownKeys: () => Object.keys(notes), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }));
  await freshBrowser();
  await outbox.load();
  inHand.clear();
});
afterEach(() => vi.restoreAllMocks());

/** As another page left it. */
async function left(id = 'said-1', page = 'another'): Promise<void> {
  await keep(id, SOUND, KNOWN);
  await write(['recordings'], async (tx) => {
    const held = (await tx.objectStore('recordings').get(id))!;
    await tx.objectStore('recordings').put({ ...held, unfinished: { ...held.unfinished!, page } });
  });
}

const offered = async (now?: number): Promise<string[]> => (await interrupted(now)).left.map(({ id }) => id);

it('is offered once its page is gone, with where it belongs, and for a week', async () => {
  await left();
  pages = ['another'];
  expect(await interrupted()).toEqual({ left: [], recording: ['another'] });
  pages = [];
  const { left: all } = await interrupted();
  expect(all).toMatchObject([{ id: 'said-1', room: HALL, replyTo: 'm7', said: SAID }]);
  expect(all[0]!.until - all[0]!.created).toBe(7 * 86_400_000);
  expect(await offered(Date.now() + 6.9 * 86_400_000)).toEqual(['said-1']);
  expect(await offered(Date.now() + 7.1 * 86_400_000)).toEqual([]);
});

it('is not offered while this page records it, nor when it was let go', async () => {
  await keep('mine', SOUND, KNOWN);
  expect(await interrupted()).toEqual({ left: [], recording: [] });
  await left('let go');
  begin(HALL, 'let go', SAID);
  expect(await offered()).toEqual([]);
});

it('is told by its age where the browser has no locks', async () => {
  vi.stubGlobal('navigator', {});
  await left();
  expect(await offered(Date.now() + 20_000)).toEqual([]);
  expect(await offered(Date.now() + 31_000)).toEqual(['said-1']);
});

it('goes out as what it would have become, once, whichever page sends it', async () => {
  await left();
  const [one] = (await interrupted()).left;
  expect(await finish(one!)).toBe(true);
  expect(outbox.entries.map(({ command, state }) => [command, state])).toMatchObject([
    [{ op: 'post', client_id: 'said-1', room: HALL, reply_to: 'm7', content: { type: 'voice', file: '', ...SAID } }, 'waiting'],
  ]);
  expect([await offered(), await (await soundOf('said-1'))!.text()]).toEqual([[], 'said']);
  expect(await finish(one!)).toBe(false);
  expect(outbox.entries).toHaveLength(1);
});

it('stays discarded when it was sent and discarded then', async () => {
  await left();
  await finish((await interrupted()).left[0]!);
  await outbox.discard('said-1');
  expect(await offered()).toEqual([]);
});

it('stays discarded when its page let it go, was gone, and it was discarded by the next one', async () => {
  await left();
  begin(HALL, 'said-1', SAID);
  const [key] = Object.keys(notes);
  notes[key!] = JSON.stringify({ ...(JSON.parse(notes[key!]!) as object), page: 'another' });
  await takeUp();
  await outbox.discard('said-1');
  expect(await offered()).toEqual([]);
});

it('is deleted, and that can be undone', async () => {
  await left();
  const [one] = (await interrupted()).left;
  const back = await giveUp(one!);
  expect([await offered(), outbox.entries]).toEqual([[], []]);
  await back();
  expect((await interrupted()).left).toEqual([one]);
});

it('is in the hands of its page where the disk has no room, until there is', async () => {
  const speak = vi.spyOn(outbox, 'speak').mockRejectedValueOnce(new DOMException('', 'QuotaExceededError'));
  await expect(begin(HALL, 'said-1', SAID)(SOUND)).rejects.toThrow();
  const [one] = (await interrupted()).left;
  expect(one).toMatchObject({ id: 'said-1', until: 0, room: HALL, said: SAID });
  expect([await (await soundOf('said-1'))!.text(), notes]).toEqual(['said', {}]);
  speak.mockRejectedValueOnce(new DOMException('', 'QuotaExceededError'));
  await expect(finish(one!)).rejects.toThrow();
  expect(await offered()).toEqual(['said-1']);
  await finish(one!);
  expect([await offered(), outbox.entries.length]).toEqual([[], 1]);
  expect(await read(['recordings'], 0, (tx) => tx.objectStore('recordings').count())).toBe(1);
});
