import { textIn } from '../lib/content';
import { describe, expect, test, vi } from 'vitest';
import { write } from './db';
import { keepDraft } from './drafts';
import { disk, HALL, ME, rows } from './fake';
import { deliversMail, mail, pass } from './mail';
import { Outbox } from './outbox';
import type { Entry } from './schema';
import { Sender } from './sender';

deliversMail();

describe('on disk first', () => {
  test('a message leaves alone what another tab is changing in the same room', async () => {
    const edit = { target: { id: 'm3', clientId: 'c3' }, text: 'half of new words' };
    await keepDraft(HALL, 'hello', 1, undefined, edit);
    await mail.outbox.post(HALL, 'hello');
    expect((await disk()).drafts).toEqual([expect.objectContaining({ text: '', edit })]);
  });

  test('the words of an edit leave the draft when the outbox has them, and not before', async () => {
    const target = { id: 'm3', clientId: 'c3' };
    await keepDraft(HALL, 'something else', 1, undefined, { target, text: 'new words' });
    await mail.outbox.edit(HALL, { id: 'm2', clientId: 'c2' }, 'of another message');
    expect((await disk()).drafts).toEqual([expect.objectContaining({ edit: { target, text: 'new words' } })]);
    await mail.outbox.edit(HALL, target, 'new words');
    expect((await disk()).drafts).toEqual([{ room: HALL, text: 'something else', at: 1 }]);
  });

  test('a message is on disk before anything is shown or sent', async () => {
    const shown = vi.fn();
    mail.outbox.changed.on(shown);
    const posting = mail.outbox.post(HALL, 'hello');
    expect(shown).not.toHaveBeenCalled();
    await posting;
    expect(((await disk()).outbox as Entry[])[0]).toMatchObject({ kind: 'post', state: 'waiting', attempts: 0 });
    expect(shown).toHaveBeenCalled();
    expect(mail.sent).toEqual([]);
  });

  test('the draft goes when the message is kept, not before', async () => {
    await write(['drafts'], (tx) => tx.objectStore('drafts').put({ room: HALL, text: 'hello', at: 0 }));
    await mail.outbox.post(HALL, 'hello');
    expect((await disk()).drafts).toEqual([]);
  });

  test('it survives the end of the browser, offline, and goes out in order', async () => {
    mail.online = false;
    for (const text of ['one', 'two', 'three']) await mail.outbox.post(HALL, text);
    await mail.restart();
    await mail.settled();
    expect(mail.texts()).toEqual(['one', 'two', 'three']);
    expect((await disk()).outbox).toEqual([]);
    expect((await rows()).map((row) => [row.seq, textIn(row.content)])).toEqual([[11, 'one'], [12, 'two'], [13, 'three']]);
  });

  test('what is acknowledged becomes a message in the transaction that forgets it', async () => {
    const acked = vi.fn();
    mail.outbox.acked.on(acked);
    await mail.outbox.post(HALL, 'hello', { id: 'm3', clientId: '' });
    const { client_id } = mail.only();
    await mail.settled();
    const expected = { id: `id-${client_id}`, seq: 11, rev: 11, author: ME.id, client_id, reply_to: 'm3' };
    expect(await rows()).toMatchObject([expected]);
    expect(acked).toHaveBeenCalledWith({ clientId: client_id, message: expect.objectContaining(expected) });
  });
});

describe('crash points', () => {
  test('sent, and the ack never seen: the repeat has the same id and content', async () => {
    await mail.outbox.post(HALL, 'hello');
    mail.cut();
    await mail.settled();
    await mail.restart();
    await mail.settled();
    expect(mail.sent).toHaveLength(2);
    expect(mail.sent[0]).toEqual(mail.sent[1]);
    expect(await rows()).toHaveLength(1);
    expect(mail.seq).toBe(11);
  });

  test('without locks two tabs may both send: still one message', async () => {
    await mail.outbox.post(HALL, 'hello');
    const other = new Outbox();
    await other.load();
    const second = new Sender(other, { online: () => true, request: (command) => mail.server(command) }, null);
    second.kick();
    await mail.settled();
    expect(await rows()).toHaveLength(1);
    expect(mail.seq).toBe(11);
  });

  test('what another tab has sent turns into its message, even before that tab says so', async () => {
    await mail.outbox.post(HALL, 'hello');
    const other = new Outbox();
    await other.load();
    const acked = vi.fn();
    other.acked.on(acked);
    await mail.settled();
    await other.load();
    expect(other.entries).toEqual([]);
    expect(acked).toHaveBeenCalledWith({ clientId: expect.anything(), message: expect.objectContaining({ seq: 11 }) });
  });

  test('with locks one tab at a time sends', async () => {
    let inside = 0;
    let most = 0;
    let tail: Promise<unknown> = Promise.resolve();
    const request = (_name: string, work: () => Promise<void>) =>
      (tail = tail.then(async () => {
        most = Math.max(most, ++inside);
        await work();
        inside -= 1;
      }));
    const locks = { request } as unknown as LockManager;
    const way = { online: () => true, request: (command: Entry['command']) => (mail.sent.push(command), mail.server(command)) };
    await mail.outbox.post(HALL, 'hello');
    const other = new Outbox();
    await other.load();
    for (const box of [mail.outbox, other]) new Sender(box, way, locks).kick();
    await pass();
    expect([most, mail.sent.length]).toEqual([1, 1]);
  });
});
