import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError, offline } from '../wire/errors';
import type { Ack } from '../wire/protocol.gen';
import { write } from './db';
import { keepDraft } from './drafts';
import { disk, freshBrowser, HALL, ME, message, rows } from './fake';
import { beginLog, upsert } from './messages';
import { ASK_AFTER, Outbox } from './outbox';
import type { Entry } from './schema';
import { Sender } from './sender';

let outbox: Outbox;
let online: boolean;
let sent: Entry['command'][];
let server: (command: Entry['command']) => Promise<Ack>;
let sender: Sender;
let seq: number;

/** A server that remembers, as the real one does. */
function remembering(): typeof server {
  const done = new Map<string, Ack>();
  return async (command) => {
    const before = done.get(command.client_id);
    if (before) return before;
    const subject = command.op === 'post' ? `id-${command.client_id}` : command.message;
    const ack: Ack = { op: 'ack', id: '', subject, seq: ++seq, at: 1 };
    done.set(command.client_id, ack);
    return ack;
  };
}

beforeEach(async () => {
  await freshBrowser();
  await write(['logs'], (tx) => beginLog(tx, HALL, 10));
  outbox = new Outbox();
  online = true;
  sent = [];
  seq = 10;
  server = remembering();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: Date.now() });
  sender = restart();
});
afterEach(() => vi.useRealTimers());

function restart(): Sender {
  return new Sender(
    outbox,
    {
      online: () => online,
      request: (command) => {
        sent.push(structuredClone(command));
        return server(command);
      },
    },
    null,
  );
}

/** Until nothing waits, or nothing more can go. */
async function settled(who: Sender | null = sender): Promise<void> {
  who?.kick();
  for (let i = 0; i < 300; i++) {
    await new Promise((done) => setImmediate(done));
    await vi.advanceTimersByTimeAsync(1);
  }
}

const refuse = (code: string, more = {}) => async () => {
  throw new ApiError(code as 'internal', `because of ${code}`, more);
};
const texts = () => sent.map((command) => (command.op === 'delete' ? 'delete' : command.content.text));
const only = () => outbox.entries[0]!;

describe('on disk first', () => {
  test('a message leaves alone what another tab is changing in the same room', async () => {
    const edit = { target: { id: 'm3', clientId: 'c3' }, text: 'half of new words' };
    await keepDraft(HALL, 'hello', 1, undefined, edit);
    await outbox.post(HALL, 'hello');
    expect((await disk()).drafts).toEqual([expect.objectContaining({ text: '', edit })]);
  });

  test('the words of an edit leave the draft when the outbox has them, and not before', async () => {
    const target = { id: 'm3', clientId: 'c3' };
    await keepDraft(HALL, 'something else', 1, undefined, { target, text: 'new words' });
    await outbox.edit(HALL, { id: 'm2', clientId: 'c2' }, 'of another message');
    expect((await disk()).drafts).toEqual([expect.objectContaining({ edit: { target, text: 'new words' } })]);
    await outbox.edit(HALL, target, 'new words');
    expect((await disk()).drafts).toEqual([{ room: HALL, text: 'something else', at: 1 }]);
  });

  test('a message is on disk before anything is shown or sent', async () => {
    const shown = vi.fn();
    outbox.changed.on(shown);
    const posting = outbox.post(HALL, 'hello');
    expect(shown).not.toHaveBeenCalled();
    await posting;
    expect(((await disk()).outbox as Entry[])[0]).toMatchObject({ kind: 'post', state: 'waiting', attempts: 0 });
    expect(shown).toHaveBeenCalled();
    expect(sent).toEqual([]);
  });

  test('the draft goes when the message is kept, not before', async () => {
    await write(['drafts'], (tx) => tx.objectStore('drafts').put({ room: HALL, text: 'hello', at: 0 }));
    await outbox.post(HALL, 'hello');
    expect((await disk()).drafts).toEqual([]);
  });

  test('it survives the end of the browser, offline, and goes out in order', async () => {
    online = false;
    for (const text of ['one', 'two', 'three']) await outbox.post(HALL, text);
    outbox = new Outbox();
    await outbox.load();
    online = true;
    sender = restart();
    await settled();
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect((await disk()).outbox).toEqual([]);
    expect((await rows()).map((row) => [row.seq, row.content?.text])).toEqual([[11, 'one'], [12, 'two'], [13, 'three']]);
  });

  test('what is acknowledged becomes a message in the transaction that forgets it', async () => {
    const acked = vi.fn();
    outbox.acked.on(acked);
    await outbox.post(HALL, 'hello', { id: 'm3', clientId: '' });
    const { client_id } = only();
    await settled();
    const expected = { id: `id-${client_id}`, seq: 11, rev: 11, author: ME.id, client_id, reply_to: 'm3' };
    expect(await rows()).toMatchObject([expected]);
    expect(acked).toHaveBeenCalledWith({ clientId: client_id, message: expect.objectContaining(expected) });
  });
});

describe('crash points', () => {
  test('sent, and the ack never seen: the repeat has the same id and content', async () => {
    await outbox.post(HALL, 'hello');
    const remember = server;
    server = async (command) => {
      await remember(command);
      online = false;
      throw offline();
    };
    await settled();
    outbox = new Outbox();
    await outbox.load();
    server = remember;
    online = true;
    sender = restart();
    await settled();
    expect(sent).toHaveLength(2);
    expect(sent[0]).toEqual(sent[1]);
    expect(await rows()).toHaveLength(1);
    expect(seq).toBe(11);
  });

  test('without locks two tabs may both send: still one message', async () => {
    await outbox.post(HALL, 'hello');
    const other = new Outbox();
    await other.load();
    const second = new Sender(other, { online: () => true, request: (command) => server(command) }, null);
    second.kick();
    await settled();
    expect(await rows()).toHaveLength(1);
    expect(seq).toBe(11);
  });

  test('what another tab has sent turns into its message, even before that tab says so', async () => {
    await outbox.post(HALL, 'hello');
    const other = new Outbox();
    await other.load();
    const acked = vi.fn();
    other.acked.on(acked);
    await settled();
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
    const way = { online: () => true, request: (command: Entry['command']) => (sent.push(command), server(command)) };
    await outbox.post(HALL, 'hello');
    const other = new Outbox();
    await other.load();
    for (const box of [outbox, other]) new Sender(box, way, locks).kick();
    await settled(null);
    expect([most, sent.length]).toEqual([1, 1]);
  });
});

describe('refusals', () => {
  test.each(['not_found', 'text_too_long', 'forbidden'])('%s fails visibly and does not hold up the rest', async (code) => {
    const remember = server;
    server = (command) => (sent.length === 1 ? refuse(code)() : remember(command));
    await outbox.post(HALL, 'bad');
    await outbox.post(HALL, 'good');
    await settled();
    expect(outbox.entries).toMatchObject([{ state: 'failed', code, error: `because of ${code}` }]);
    expect(await rows()).toHaveLength(1);
  });

  test('too fast: waits as long as the server says, and keeps the order', async () => {
    const remember = server;
    server = refuse('rate_limited', { retry_after_ms: 4000 });
    await outbox.post(HALL, 'one');
    await outbox.post(HALL, 'two');
    await settled();
    expect(texts()).toEqual(['one']);
    server = remember;
    await vi.advanceTimersByTimeAsync(4000);
    await settled();
    expect(texts()).toEqual(['one', 'one', 'two']);
  });

  test('an internal error is tried a few times and then shown', async () => {
    server = refuse('internal');
    await outbox.post(HALL, 'one');
    for (let i = 0; i < 8; i++) {
      await settled();
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(sent).toHaveLength(5);
    expect(only().state).toBe('failed');
  });

  test('a full disk is tried slowly, for ever', async () => {
    server = refuse('storage_full');
    await outbox.post(HALL, 'one');
    await settled();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await settled();
    expect([sent.length, only().state]).toEqual([2, 'waiting']);
  });

  test('retry sends it again; after a conflict under a new id, since the old one never can', async () => {
    const remember = server;
    server = refuse('conflict');
    await outbox.post(HALL, 'one');
    await settled();
    const old = only().client_id;
    server = remember;
    await outbox.retry(old);
    await settled();
    expect(sent[1]!.client_id).not.toBe(old);
    expect(outbox.entries).toEqual([]);
  });

  test('what waited for more than 90 days asks first', async () => {
    online = false;
    await outbox.post(HALL, 'old');
    vi.setSystemTime(Date.now() + ASK_AFTER + 1);
    online = true;
    await settled();
    expect([sent.length, only().state, only().code]).toEqual([0, 'failed', 'expired']);
    await outbox.retry(only().client_id);
    await settled();
    expect(sent).toHaveLength(1);
  });
});

describe('changing what is still on its way', () => {
  const pending = () => ({ id: '', clientId: only().client_id });

  test('never sent: an edit changes it in place, a deletion takes it away', async () => {
    online = false;
    await outbox.post(HALL, 'frist');
    await outbox.edit(HALL, pending(), 'first');
    expect(outbox.entries.map((entry) => entry.command)).toMatchObject([{ content: { text: 'first' } }]);
    await outbox.remove(HALL, pending());
    expect(outbox.entries).toEqual([]);
  });

  test('perhaps sent: the change waits for the message and follows it', async () => {
    const remember = server;
    server = async (command) => {
      await remember(command);
      online = false;
      throw offline();
    };
    await outbox.post(HALL, 'frist');
    await settled();
    const { client_id } = only();
    await outbox.edit(HALL, pending(), 'first');
    await outbox.remove(HALL, pending());
    server = remember;
    online = true;
    await settled();
    expect(texts()).toEqual(['frist', 'frist', 'delete']);
    expect(sent.at(-1)).toMatchObject({ message: `id-${client_id}` });
    expect(JSON.stringify(await disk())).not.toContain('frist');
  });

  test('refused: an edit makes it go again', async () => {
    const remember = server;
    server = refuse('text_too_long');
    await outbox.post(HALL, 'long');
    await settled();
    server = remember;
    await outbox.edit(HALL, pending(), 'short');
    await settled();
    expect(texts()).toEqual(['long', 'short']);
    expect(outbox.entries).toEqual([]);
  });

  test('acknowledged while it was being edited: the edit finds it by its client_id', async () => {
    await outbox.post(HALL, 'frist');
    const target = pending();
    await settled();
    await outbox.edit(HALL, target, 'first');
    await settled();
    expect(await rows()).toMatchObject([{ content: { text: 'first' }, rev: 12 }]);
  });

  test('an acknowledged edit or deletion is on disk, and an older answer does not undo what is newer', async () => {
    await write(['messages'], (tx) => upsert(tx, message(4, { author: ME.id })));
    await outbox.edit(HALL, { id: 'm4', clientId: '' }, 'better');
    await settled();
    expect((await rows())[0]).toMatchObject({ content: { text: 'better' }, rev: 11 });
    await outbox.remove(HALL, { id: 'm4', clientId: '' });
    await settled();
    expect((await rows())[0]).toMatchObject({ content: null, rev: 12 });
  });
});

describe('an answer to a message on its way', () => {
  const pending = () => ({ id: '', clientId: only().client_id });

  test('waits for it and names it by the id that it got', async () => {
    await outbox.post(HALL, 'question');
    const { client_id } = only();
    await outbox.post(HALL, 'answer', pending());
    await outbox.post(HALL, 'more');
    await settled();
    expect(texts()).toEqual(['question', 'answer', 'more']);
    expect(sent[1]).toMatchObject({ reply_to: `id-${client_id}` });
    expect(sent[2]).not.toHaveProperty('reply_to');
  });

  test('picked before, written after the acknowledgement: it is found by its client_id', async () => {
    await outbox.post(HALL, 'question');
    const target = pending();
    await settled();
    await outbox.post(HALL, 'answer', target);
    await settled();
    expect(sent[1]).toMatchObject({ reply_to: `id-${target.clientId}` });
  });

  test('says what it waits for when that was refused, and goes without it when that is given up', async () => {
    const remember = server;
    server = refuse('text_too_long');
    await outbox.post(HALL, 'question');
    const target = pending();
    await outbox.post(HALL, 'answer', target);
    await settled();
    expect(outbox.entries.map((entry) => [entry.state, entry.code !== ''])).toEqual([['failed', true], ['waiting', true]]);
    server = remember;
    await outbox.discard(target.clientId);
    await settled();
    expect(texts()).toEqual(['question', 'answer']);
    expect(sent[1]).not.toHaveProperty('reply_to');
    expect(outbox.entries).toEqual([]);
  });

  test('a draft that answers it follows it too', async () => {
    await outbox.post(HALL, 'question');
    const target = pending();
    await keepDraft(HALL, 'answ', 1, target);
    await settled();
    expect((await disk()).drafts).toMatchObject([{ text: 'answ', reply: { id: `id-${target.clientId}` } }]);
  });
});

test('refused where it may have been accepted: an edit sends it again as it was, and changes it then', async () => {
  const remember = server;
  server = async (command) => {
    await remember(command);
    throw new ApiError('internal', 'Broken.');
  };
  await outbox.post(HALL, 'frist');
  for (let i = 0; i < 400 && only().state === 'waiting'; i++) {
    await settled();
    await vi.advanceTimersByTimeAsync(20_000);
  }
  server = remember;
  await outbox.edit(HALL, { id: '', clientId: only().client_id }, 'first');
  await settled();
  expect(outbox.entries).toEqual([]);
  expect((await rows()).map((row) => row.content?.text)).toEqual(['first']);
});

describe('what waits, looked at in the outbox', () => {
  const body = (entry: Entry) => (entry.command.op === 'delete' ? '' : entry.command.content.text);
  const cut = (): void => {
    const remember = server;
    server = async (command) => {
      await remember(command);
      online = false;
      throw offline();
    };
  };

  test('never tried: other words take the place of the old ones, under the same id', async () => {
    online = false;
    await outbox.post(HALL, 'frist');
    const { client_id } = only();
    await outbox.rewrite(only(), 'first');
    expect(outbox.entries.map((entry) => [entry.client_id, body(entry)])).toEqual([[client_id, 'first']]);
  });

  test('perhaps received: the words under its id stay, and the new ones follow as an edit', async () => {
    await outbox.post(HALL, 'frist');
    const remember = server;
    cut();
    await settled();
    await outbox.rewrite(only(), 'first');
    expect(outbox.entries.map((entry) => [entry.kind, body(entry)])).toEqual([['post', 'frist'], ['edit', 'first']]);
    server = remember;
    online = true;
    await settled();
    expect(sent.filter((command) => command.op === 'post')).toEqual([sent[0], sent[0]]);
    expect((await rows()).map((row) => row.content?.text)).toEqual(['first']);
  });

  test('an edit that waits is changed in place, one that was tried is followed by another', async () => {
    await write(['messages'], (tx) => upsert(tx, message(5, { author: ME.id })));
    online = false;
    await outbox.edit(HALL, { id: 'm5', clientId: '' }, 'one');
    const { client_id } = only();
    await outbox.rewrite(only(), 'two');
    expect(outbox.entries.map((entry) => [entry.client_id, body(entry)])).toEqual([[client_id, 'two']]);
    online = true;
    cut();
    await settled();
    await outbox.rewrite(only(), 'three');
    expect(outbox.entries.map(body)).toEqual(['two', 'three']);
    expect(outbox.entries[1]!.client_id).not.toBe(client_id);
  });

  test('what is sent while one still types becomes an edit, not a second message', async () => {
    await outbox.post(HALL, 'frist');
    const seen = only();
    await settled();
    await outbox.rewrite(seen, 'first');
    expect(outbox.entries.map((entry) => [entry.kind, body(entry)])).toEqual([['edit', 'first']]);
  });

  test('discarding is taken back to where it was, with the changes of it and the answers to it', async () => {
    online = false;
    await outbox.post(HALL, 'one');
    const { client_id } = only();
    await outbox.post(HALL, 'two');
    await outbox.post(HALL, 'an answer', { id: '', clientId: client_id });
    const before = structuredClone(outbox.entries);
    const gone = await outbox.discard(client_id);
    expect(outbox.entries.map(body)).toEqual(['two', 'an answer']);
    await outbox.restore(gone);
    expect(outbox.entries).toEqual(before);
  });

  test('an answer that went out in the meantime does not go out again', async () => {
    online = false;
    await outbox.post(HALL, 'one');
    const { client_id } = only();
    await outbox.post(HALL, 'an answer', { id: '', clientId: client_id });
    const gone = await outbox.discard(client_id);
    online = true;
    await settled();
    await outbox.restore(gone);
    expect(outbox.entries.map(body)).toEqual(['one']);
    await settled();
    expect(texts()).toEqual(['an answer', 'one']);
  });
});
