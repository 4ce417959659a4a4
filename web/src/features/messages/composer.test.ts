import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { write } from '../../local/db';
import { BEN, disk, freshBrowser, HALL, ME, message } from '../../local/fake';
import { beginLog, upsert } from '../../local/messages';
import { outbox } from '../../local/outbox';
import type { Draft, Entry } from '../../local/schema';
import { people } from '../people/people.svelte';
import { Composer } from './composer.svelte';
import { Items, type Item } from './items';

// A session that cannot be checked waits for the network, also in a place without events.
globalThis.addEventListener ??= () => undefined;

let composer: Composer;

beforeEach(async () => {
  await freshBrowser();
  await write(['logs', 'messages'], async (tx) => {
    await beginLog(tx, HALL, 0);
    await upsert(tx, message(1));
  });
  people.remember([ME, BEN]);
  await outbox.load();
  composer = new Composer(HALL);
});

function item(entries: Entry[] = []): Item {
  const known = new Map(entries.length ? [] : [['m1', message(1)]]);
  const person = (id: string) => people.byId(id);
  return new Items().of({ me: ME.id, known, low: 0, high: Infinity, outbox: entries, person, nameOf: (one) => one?.display ?? '' })[0]!;
}

const draft = async () => ((await disk()).drafts as Draft[])[0];

test('what a draft answers is there again after a reload', async () => {
  composer.startReply(item());
  composer.text = 'answ';
  composer.input();
  await vi.waitFor(async () => expect(await draft()).toMatchObject({ text: 'answ', reply: { id: 'm1' } }));
  const later = new Composer(HALL);
  await vi.waitFor(() => expect(later.text).toBe('answ'));
  expect(later.replyTo).toMatchObject({ id: 'm1', text: 'text 1', author: BEN });
});

test('so is an answer to a message that is still on its way, and it is sent as one', async () => {
  await outbox.post(HALL, 'question');
  const { client_id } = outbox.entries[0]!;
  composer.startReply(item(outbox.entries));
  composer.text = 'answ';
  composer.input();
  composer.flush();
  await vi.waitFor(async () => expect(await draft()).toMatchObject({ reply: { id: '', clientId: client_id } }));
  const later = new Composer(HALL);
  await vi.waitFor(() => expect(later.replyTo).toMatchObject({ key: client_id, text: 'question' }));
  later.send();
  await vi.waitFor(() => expect(outbox.entries[1]).toMatchObject({ target: client_id }));
  expect(await draft()).toBeUndefined();
});

test('words that were refused come back to be changed, and take their own place again', async () => {
  await outbox.post(HALL, 'too long');
  const { client_id, order } = outbox.entries[0]!;
  await outbox.fail(client_id, 'text_too_long', 'Too long.');
  composer.text = 'something else';
  composer.startEdit(item(outbox.entries));
  expect(composer.text).toBe('too long');
  composer.text = 'short';
  composer.send();
  expect(composer.text).toBe('something else');
  await vi.waitFor(() => expect(outbox.entries[0]).toMatchObject({ order, state: 'waiting' }));
  expect(outbox.entries[0]!.command).toMatchObject({ content: { text: 'short' } });
});

test('a draft that is not finished is not overwritten by an edit', async () => {
  composer.text = 'half a thou';
  composer.input();
  composer.startEdit({ ...item(), mine: true });
  composer.text = 'edited';
  composer.flush();
  await vi.waitFor(async () => expect(await draft()).toMatchObject({ text: 'half a thou' }));
  composer.cancel();
  expect(composer.text).toBe('half a thou');
});

test('an edit that is not finished is there after a reload, above the draft that it interrupted', async () => {
  composer.text = 'half a thou';
  composer.input();
  composer.startEdit({ ...item(), mine: true });
  composer.text = 'edited';
  composer.input();
  await composer.flush();
  const later = new Composer(HALL);
  await vi.waitFor(() => expect(later.text).toBe('edited'));
  expect(later.editing).toMatchObject({ id: 'm1', text: 'text 1' });
  later.cancel();
  expect(later.text).toBe('half a thou');
  await vi.waitFor(async () => expect(await draft()).not.toHaveProperty('edit'));
  expect(await draft()).toMatchObject({ text: 'half a thou' });
});
