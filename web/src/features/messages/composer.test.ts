import 'fake-indexeddb/auto';
import { beforeEach, expect, test, vi } from 'vitest';
import { write } from '../../local/db';
import { BEN, disk, freshBrowser, HALL, ME, message } from '../../local/fake';
import { keepDraft } from '../../local/drafts';
import { beginLog, upsert } from '../../local/messages';
import { outbox } from '../../local/outbox';
import type { Draft, Entry } from '../../local/schema';
import { people } from '../people/people.svelte';
import { Composer } from './composer.svelte';
import { Items, type Item } from './items';
import { mentionablesOf } from './mentionables.svelte';

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

test('an edit of a message that arrives meanwhile is there after a crash', async () => {
  await outbox.post(HALL, 'question');
  const entry = outbox.entries[0]!;
  composer.startEdit({ ...item(outbox.entries), mine: true });
  composer.text = 'good question';
  composer.input();
  await composer.flush();
  await outbox.settle(entry, { op: 'ack', id: '1', subject: 'm2', seq: 2, at: 2000 });
  const later = new Composer(HALL);
  await vi.waitFor(() => expect(later.text).toBe('good question'));
  expect(later.editing).toMatchObject({ id: 'm2', text: 'question' });
});

test('words that are typed before the draft is there stand behind it', async () => {
  await keepDraft(HALL, 'Half a', 1);
  const early = new Composer(HALL);
  early.text = 'thought';
  early.input();
  await vi.waitFor(() => expect(early.text).toBe('Half a\nthought'));
  await early.flush();
  await vi.waitFor(async () => expect(await draft()).toMatchObject({ text: 'Half a\nthought' }));
});

test('a draft that comes only after something was sent is not lost with that', async () => {
  await keepDraft(HALL, 'Half a thought', 1);
  const early = new Composer(HALL);
  early.text = 'Hello';
  early.send();
  await vi.waitFor(() => expect(early.text).toBe('Half a thought'));
  await vi.waitFor(() => expect(outbox.entries.map(({ command }) => command)).toMatchObject([{ content: { text: 'Hello' } }]));
  await vi.waitFor(async () => expect(await draft()).toMatchObject({ text: 'Half a thought' }));
});

test('what is written while a message waits for the names in it is kept', async () => {
  const nobody = { mentions: [], everyone: false };
  let known = (_: typeof nobody): void => undefined;
  vi.spyOn(mentionablesOf(HALL), 'meantBy').mockReturnValueOnce(new Promise((resolve) => (known = resolve)));
  composer.text = 'Look, @somebody';
  composer.send();
  composer.text = 'And then';
  composer.input();
  await composer.flush();
  expect(await draft()).toMatchObject({ text: 'And then' });
  known(nobody);
  await vi.waitFor(() => expect(outbox.entries).toHaveLength(1));
  await vi.waitFor(async () => expect(await draft()).toMatchObject({ text: 'And then' }));
  expect(composer.text).toBe('And then');
});

test('what the disk refuses comes back before what was written since', async () => {
  vi.spyOn(outbox, 'post').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  composer.startReply(item());
  composer.text = 'First';
  composer.send();
  composer.text = 'Second';
  composer.input();
  await vi.waitFor(() => expect(composer.text).toBe('First\nSecond'));
  expect(composer.replyTo).toMatchObject({ id: 'm1' });
  expect(outbox.entries).toEqual([]);
});

test('so does a change, beside another that was begun since', async () => {
  vi.spyOn(outbox, 'edit').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
  composer.startEdit({ ...item(), mine: true });
  composer.text = 'changed';
  composer.send();
  composer.startEdit({ ...item(), mine: true });
  composer.text = 'changed again';
  await new Promise((done) => setTimeout(done));
  expect(composer.text).toBe('changed again');
  composer.cancel();
  expect(composer.text).toBe('changed');
});

test('an answer that is begun while another tab’s words are looked up stays one', async () => {
  vi.stubGlobal('document', { visibilityState: 'visible' });
  composer.takeOver();
  composer.startReply(item());
  await composer.flush();
  expect(composer.replyTo).toMatchObject({ id: 'm1' });
  expect(await draft()).toMatchObject({ reply: { id: 'm1' } });
});
