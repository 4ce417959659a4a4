import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { write } from './db';
import { heldDraft, keepDraft } from './drafts';
import { freshBrowser, HALL, ME, message } from './fake';
import { beginLog, upsert } from './messages';
import { Outbox } from './outbox';
import type { Posting } from './posting';

const KEY = 'safevoice.my.posting.';
let notes: Record<string, string>;
let outbox: Outbox;

beforeEach(async () => {
  await freshBrowser();
  await write(['logs'], (tx) => beginLog(tx, HALL, 10));
  notes = {};
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
  const setItem = (key: string, value: string): string => (notes[key] = value);
  const removeItem = (key: string): boolean => delete notes[key];
  const getOwnPropertyDescriptor = (): PropertyDescriptor => ({ enumerable: true, configurable: true });
  return new Proxy({ getItem, setItem, removeItem }, { ownKeys: () => Object.keys(notes), getOwnPropertyDescriptor });
}

function left(client_id: string, more: Partial<Posting> = {}): void {
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

test('a page that did not say that it goes is given time', async () => {
  left('c1', { gone: false });
  await outbox.takeUp();
  expect(waiting()).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  await vi.waitFor(() => expect(waiting()).toEqual(['c1']));
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

test('words stand in a note until the disk has them, also while it is found out who is meant', async () => {
  let known = (_meant: { mentions: string[]; everyone: boolean }): void => undefined;
  const sent = outbox.post(HALL, 'Hello @ben', null, new Promise((done) => (known = done)));
  expect(Object.values(notes).map((note) => (JSON.parse(note) as Posting).body)).toEqual(['Hello @ben']);
  known({ mentions: ['ben'], everyone: false });
  await sent;
  expect([notes, outbox.entries[0]?.command]).toMatchObject([{}, { mentions: ['ben'] }]);
});
