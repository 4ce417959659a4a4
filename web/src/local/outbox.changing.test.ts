import { textIn } from '../lib/content';
import { describe, expect, test } from 'vitest';
import { write } from './db';
import { keepDraft } from './drafts';
import { disk, HALL, ME, message, rows } from './fake';
import { deliversMail, mail, refuse, wordsOf } from './mail';
import { upsert } from './messages';
import type { Entry } from './schema';

deliversMail();

describe('changing what is still on its way', () => {
  test('never sent: an edit changes it in place, a deletion takes it away', async () => {
    mail.online = false;
    await mail.outbox.post(HALL, 'frist');
    await mail.outbox.edit(HALL, mail.pending(), 'first');
    expect(mail.outbox.entries.map((entry) => entry.command)).toMatchObject([{ content: { text: 'first' } }]);
    await mail.outbox.remove(HALL, mail.pending());
    expect(mail.outbox.entries).toEqual([]);
  });

  test('perhaps sent: the change waits for the message and follows it', async () => {
    mail.cut();
    await mail.outbox.post(HALL, 'frist');
    await mail.settled();
    const { client_id } = mail.only();
    await mail.outbox.edit(HALL, mail.pending(), 'first');
    await mail.outbox.remove(HALL, mail.pending());
    mail.mend();
    await mail.settled();
    expect(mail.texts()).toEqual(['frist', 'frist', 'delete']);
    expect(mail.sent.at(-1)).toMatchObject({ message: `id-${client_id}` });
    expect(JSON.stringify(await disk())).not.toContain('frist');
  });

  test('refused: an edit makes it go again', async () => {
    mail.server = refuse('text_too_long');
    await mail.outbox.post(HALL, 'long');
    await mail.settled();
    mail.mend();
    await mail.outbox.edit(HALL, mail.pending(), 'short');
    await mail.settled();
    expect(mail.texts()).toEqual(['long', 'short']);
    expect(mail.outbox.entries).toEqual([]);
  });

  test('acknowledged while it was being edited: the edit finds it by its client_id', async () => {
    await mail.outbox.post(HALL, 'frist');
    const target = mail.pending();
    await mail.settled();
    await mail.outbox.edit(HALL, target, 'first');
    await mail.settled();
    expect(await rows()).toMatchObject([{ content: { text: 'first' }, rev: 12 }]);
  });

  test('an acknowledged edit or deletion is on disk, and an older answer does not undo what is newer', async () => {
    await write(['messages'], (tx) => upsert(tx, message(4, { author: ME.id })));
    await mail.outbox.edit(HALL, { id: 'm4', clientId: '' }, 'better');
    await mail.settled();
    expect((await rows())[0]).toMatchObject({ content: { text: 'better' }, rev: 11 });
    await mail.outbox.remove(HALL, { id: 'm4', clientId: '' });
    await mail.settled();
    expect((await rows())[0]).toMatchObject({ content: null, rev: 12 });
  });
});

describe('an answer to a message on its way', () => {
  test('waits for it and names it by the id that it got', async () => {
    await mail.outbox.post(HALL, 'question');
    const { client_id } = mail.only();
    await mail.outbox.post(HALL, 'answer', mail.pending());
    await mail.outbox.post(HALL, 'more');
    await mail.settled();
    expect(mail.texts()).toEqual(['question', 'answer', 'more']);
    expect(mail.sent[1]).toMatchObject({ reply_to: `id-${client_id}` });
    expect(mail.sent[2]).not.toHaveProperty('reply_to');
  });

  test('picked before, written after the acknowledgement: it is found by its client_id', async () => {
    await mail.outbox.post(HALL, 'question');
    const target = mail.pending();
    await mail.settled();
    await mail.outbox.post(HALL, 'answer', target);
    await mail.settled();
    expect(mail.sent[1]).toMatchObject({ reply_to: `id-${target.clientId}` });
  });

  test('says what it waits for when that was refused, and goes without it when that is given up', async () => {
    mail.server = refuse('text_too_long');
    await mail.outbox.post(HALL, 'question');
    const target = mail.pending();
    await mail.outbox.post(HALL, 'answer', target);
    await mail.settled();
    expect(mail.outbox.entries.map((entry) => [entry.state, entry.code !== ''])).toEqual([['failed', true], ['waiting', true]]);
    mail.mend();
    await mail.outbox.discard(target.clientId);
    await mail.settled();
    expect(mail.texts()).toEqual(['question', 'answer']);
    expect(mail.sent[1]).not.toHaveProperty('reply_to');
    expect(mail.outbox.entries).toEqual([]);
  });

  test('a draft that answers it follows it too', async () => {
    await mail.outbox.post(HALL, 'question');
    const target = mail.pending();
    await keepDraft(HALL, 'answ', 1, target);
    await mail.settled();
    expect((await disk()).drafts).toMatchObject([{ text: 'answ', reply: { id: `id-${target.clientId}` } }]);
  });
});

describe('what waits, looked at in the outbox', () => {
  const body = (entry: Entry): string => wordsOf(entry.command);

  test('never tried: other words take the place of the old ones, under the same id', async () => {
    mail.online = false;
    await mail.outbox.post(HALL, 'frist');
    const { client_id } = mail.only();
    await mail.outbox.rewrite(mail.only(), 'first');
    expect(mail.outbox.entries.map((entry) => [entry.client_id, body(entry)])).toEqual([[client_id, 'first']]);
  });

  test('perhaps received: the words under its id stay, and the new ones follow as an edit', async () => {
    await mail.outbox.post(HALL, 'frist');
    mail.cut();
    await mail.settled();
    await mail.outbox.rewrite(mail.only(), 'first');
    expect(mail.outbox.entries.map((entry) => [entry.kind, body(entry)])).toEqual([['post', 'frist'], ['edit', 'first']]);
    mail.mend();
    await mail.settled();
    expect(mail.sent.filter((command) => command.op === 'post')).toEqual([mail.sent[0], mail.sent[0]]);
    expect((await rows()).map((row) => textIn(row.content))).toEqual(['first']);
  });

  test('an edit that waits is changed in place, one that was tried is followed by another', async () => {
    await write(['messages'], (tx) => upsert(tx, message(5, { author: ME.id })));
    mail.online = false;
    await mail.outbox.edit(HALL, { id: 'm5', clientId: '' }, 'one');
    const { client_id } = mail.only();
    await mail.outbox.rewrite(mail.only(), 'two');
    expect(mail.outbox.entries.map((entry) => [entry.client_id, body(entry)])).toEqual([[client_id, 'two']]);
    mail.online = true;
    mail.cut();
    await mail.settled();
    await mail.outbox.rewrite(mail.only(), 'three');
    expect(mail.outbox.entries.map(body)).toEqual(['two', 'three']);
    expect(mail.outbox.entries[1]!.client_id).not.toBe(client_id);
  });

  test('what is sent while one still types becomes an edit, not a second message', async () => {
    await mail.outbox.post(HALL, 'frist');
    const seen = mail.only();
    await mail.settled();
    await mail.outbox.rewrite(seen, 'first');
    expect(mail.outbox.entries.map((entry) => [entry.kind, body(entry)])).toEqual([['edit', 'first']]);
  });

  test('discarding is taken back to where it was, with the changes of it and the answers to it', async () => {
    mail.online = false;
    await mail.outbox.post(HALL, 'one');
    const { client_id } = mail.only();
    await mail.outbox.post(HALL, 'two');
    await mail.outbox.post(HALL, 'an answer', { id: '', clientId: client_id });
    const before = structuredClone(mail.outbox.entries);
    const gone = await mail.outbox.discard(client_id);
    expect(mail.outbox.entries.map(body)).toEqual(['two', 'an answer']);
    await mail.outbox.restore(gone);
    expect(mail.outbox.entries).toEqual(before);
  });

  test('an answer that went out in the meantime does not go out again', async () => {
    mail.online = false;
    await mail.outbox.post(HALL, 'one');
    const { client_id } = mail.only();
    await mail.outbox.post(HALL, 'an answer', { id: '', clientId: client_id });
    const gone = await mail.outbox.discard(client_id);
    mail.online = true;
    await mail.settled();
    await mail.outbox.restore(gone);
    expect(mail.outbox.entries.map(body)).toEqual(['one']);
    await mail.settled();
    expect(mail.texts()).toEqual(['an answer', 'one']);
  });
});
