import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { actFor, write } from './db';
import { heldDraft, keepDraft } from './drafts';
import { disk, freshBrowser, HALL, ME, message } from './fake';
import { beginLog, upsert } from './messages';
import { Outbox } from './outbox';
import type { Posting } from './posting';
import { tabs } from './tabs';

type Left = Partial<Posting> & { gone?: boolean; page?: string };

const KEY = 'safevoice.my.posting.';
let notes: Record<string, string>;
/** Whatever was ever noted, in its order. */
let written: Posting[];
let outbox: Outbox;

beforeEach(async () => {
  await freshBrowser();
  await write(['logs'], (tx) => beginLog(tx, HALL, 10));
  notes = {};
  written = [];
  vi.stubGlobal('localStorage', notebook());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() });
  outbox = new Outbox();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Its keys are those of `notes`, as a browser's own are. */
function notebook(): object {
  const getItem = (key: string): string | null => notes[key] ?? null;
  const setItem = (key: string, value: string): void => {
    notes[key] = value;
    if (key.startsWith(KEY)) written.push(JSON.parse(value) as Posting);
  };
  const removeItem = (key: string): boolean => delete notes[key];
  const getOwnPropertyDescriptor = (): PropertyDescriptor => ({ enumerable: true, configurable: true });
  return new Proxy({ getItem, setItem, removeItem }, { ownKeys: () => Object.keys(notes), getOwnPropertyDescriptor });
}

function left(client_id: string, more: Left = {}): void {
  const meant = { mentions: ['ben'], everyone: false };
  const posting = { client_id, account: ME.id, room: HALL, body: 'Hello Ben', replyTo: null, meant, created: Date.now(), gone: true };
  notes[KEY + client_id] = JSON.stringify({ ...posting, ...more });
}

const waiting = (): string[] => outbox.entries.map((entry) => entry.client_id);

test('what a page sent as it went is in the outbox of the next one, once and in its order', async () => {
  left('c2', { body: 'Second' });
  left('c1');
  await outbox.takeUp();
  await outbox.takeUp();
  expect(outbox.entries.map(({ command }) => command)).toMatchObject([
    { op: 'post', client_id: 'c1', content: { type: 'text', text: 'Hello Ben' }, mentions: ['ben'] },
    { client_id: 'c2', content: { text: 'Second' } },
  ]);
  expect(notes).toEqual({});
});

test('what reached the disk, or the server, before the page went is not sent twice', async () => {
  const clientId = await outbox.post(HALL, 'Hello Ben');
  left(clientId);
  left('c9');
  await write(['messages', 'logs'], (tx) => upsert(tx, message(11, { author: ME.id, client_id: 'c9' })));
  await outbox.takeUp();
  expect([waiting(), notes]).toEqual([[clientId], {}]);
});

test('a page that did not say that it goes is given time where the browser has no locks', async () => {
  vi.stubGlobal('navigator', {});
  left('c1', { gone: false });
  await outbox.takeUp();
  expect(waiting()).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(waiting()).toEqual(['c1']));
});

test('what a page that is there is about to write is left to it, what one that crashed wrote is not', async () => {
  const held = [{ name: 'safevoice-page:alive' }];
  vi.stubGlobal('navigator', { locks: { query: async () => ({ held }) } });
  left('c1', { gone: false, page: 'alive', created: 0 });
  left('c2', { gone: false, page: 'crashed' });
  await outbox.takeUp();
  expect(waiting()).toEqual(['c2']);
});

test('of another account nothing is taken', async () => {
  left('c1', { account: 'somebody' });
  await outbox.takeUp();
  expect([waiting(), Object.keys(notes)]).toEqual([[], [`${KEY}c1`]]);
});

test('the draft that it was goes, what was written since stays', async () => {
  await keepDraft(HALL, 'Hello B', 1);
  left('c1');
  await outbox.takeUp();
  expect(await heldDraft(HALL)).toBeUndefined();
  await keepDraft(HALL, 'Something else', 2);
  left('c2');
  await outbox.takeUp();
  expect(await heldDraft(HALL)).toMatchObject({ text: 'Something else' });
});

test('fields in which it stands as a draft hear that it is none any more, on this page too', async () => {
  const heard: unknown[] = [];
  const off = tabs.heard.on(({ word }) => heard.push(word));
  await keepDraft(HALL, 'Hello B', 1);
  left('c1');
  await outbox.takeUp();
  await keepDraft(HALL, 'Something else', 2);
  left('c2');
  await outbox.takeUp();
  off();
  expect(heard).toEqual(['', 'Something else'].map((text) => ({ type: 'draft', room: HALL, text })));
});

const BEN = { mentions: ['ben'], everyone: false };

/** Somebody sends it, and who is meant is found out when the returned function is called. */
function sending(body: string): { sent: Promise<string>; known: () => void } {
  let known = (): void => undefined;
  const better = new Promise<typeof BEN>((done) => (known = () => done(BEN)));
  return { sent: outbox.post(HALL, body, null, undefined, better), known };
}

test('words stand in a note until the disk has them, with whoever is known to be meant', async () => {
  const { sent, known } = sending('Hello @ben');
  expect(written).toMatchObject([{ body: 'Hello @ben', meant: { mentions: [] } }]);
  known();
  await sent;
  expect(written[1]?.meant).toEqual(BEN);
  expect([notes, outbox.entries[0]?.command]).toMatchObject([{}, { mentions: ['ben'] }]);
});

test('a page that comes back and finds its words taken up by another leaves them there', async () => {
  const { sent, known } = sending('Hello @ben');
  notes = {};
  known();
  await sent;
  expect(waiting()).toEqual([]);
});

test('what is sent while it is found out who is meant goes behind it', async () => {
  const { sent, known } = sending('@ben see below');
  const second = outbox.post(HALL, 'The key is under the mat');
  known();
  await Promise.all([sent, second]);
  expect(outbox.entries.map(({ command }) => command.op === 'post' && command.content)).toMatchObject([
    { text: '@ben see below' },
    { text: 'The key is under the mat' },
  ]);
});

test('whoever signs in meanwhile says nothing of what another wrote', async () => {
  const { sent, known } = sending('Hello @ben');
  actFor('somebody');
  known();
  await expect(sent).rejects.toThrow();
  expect(await disk()).toMatchObject({ outbox: [] });
});
