import { mint } from '../lib/ids';
import { Signal } from '../lib/signal';
import type { Ack, Message, Text } from '../wire/protocol.gen';
import { actingFor, read, write } from './db';
import { draftSent, editSent, heldDraft } from './drafts';
import { upsert } from './messages';
import { afterAck } from './overlay';
import * as posting from './posting';
import type { Meant, Posting } from './posting';
import type { Entry, Spoken, Target, Tx } from './schema';
import { tabs } from './tabs';
import {
  again,
  dropReplaced,
  entryOf,
  find,
  giveUp,
  idOf,
  named,
  ownId,
  postOf,
  resolveTargets,
  sentSince,
  untouched,
  waitingFor,
  type Sent,
} from './waiting';
import { writer } from './writer';

/** The server remembers for 90 days what it has carried out; after that a repeat could count twice. */
export const ASK_AFTER = 90 * 24 * 3600 * 1000;

const text = (value: string): Text => ({ type: 'text', text: value });

export type { Meant } from './posting';

const NOBODY: Meant = { mentions: [], everyone: false };

/**
 * What waits to be sent, on disk first. `entries` mirrors the disk for screens; every decision reads the
 * disk inside its transaction, since other tabs work on the same store.
 */
export class Outbox {
  entries: Entry[] = [];
  readonly changed = new Signal();
  /** Something went out; its message as the server has it now. */
  readonly acked = new Signal<Sent>();
  /** By room: the last post that is on its way to the disk. */
  #turns = new Map<string, Promise<void>>();

  constructor() {
    tabs.heard.on(({ account, word }) => {
      if (word.type !== 'outbox' || account !== actingFor()) return;
      if (word.acked) void this.#drop(word.acked);
      else void this.load();
    });
  }

  async load(): Promise<void> {
    const nothing = { entries: [] as Entry[], sent: [] as Sent[] };
    const { entries, sent } = await read(['outbox', 'messages'], nothing, async (tx) => {
      const entries = await tx.objectStore('outbox').getAll();
      return { entries, sent: await sentSince(tx, this.entries, entries) };
    });
    this.entries = entries;
    // Another tab has sent these and its word of it is still on the way; without this they would vanish until then.
    for (const each of sent) this.acked.send(each);
    this.changed.send();
  }

  forget(): void {
    this.entries = [];
    this.changed.send();
  }

  /** `better`: who is meant, where that has still to be found out; what is sent behind it waits for it. Returns the
   * client_id. */
  async post(room: string, body: string, replyTo: Target | null = null, meant = NOBODY, better?: Promise<Meant>): Promise<string> {
    const words = { client_id: mint(), account: actingFor(), room, body, replyTo, meant, created: Date.now() };
    const { client_id } = words;
    posting.begin(words);
    try {
      await this.#inTurn(room, async () => {
        const whole = better ? { ...words, meant: await better } : words;
        if (posting.goOn(whole)) await this.#put(whole, posting.wasAway(client_id));
      });
      posting.end(client_id);
    } catch (error) {
      posting.fail(client_id);
      throw error;
    }
    return client_id;
  }

  /** What pages sent that went before the disk had it. */
  async takeUp(): Promise<void> {
    const account = actingFor();
    const { left, later } = await posting.stranded();
    if (later) setTimeout(() => void this.takeUp(), later);
    for (const words of left) {
      if (actingFor() !== account) return;
      try {
        await this.#put(words, true);
      } catch {
        // Where the disk refuses, the next page tries again.
        continue;
      }
      posting.end(words.client_id);
      // What they were as a draft may stand in a field.
      const { room } = words;
      tabs.tellFor(account, { type: 'draft', room, text: (await heldDraft(room))?.text ?? '' });
    }
  }

  async edit(room: string, target: Target, body: string, { mentions, everyone } = NOBODY): Promise<void> {
    await this.#write(async (tx) => {
      const pending = await postOf(tx, target);
      const message = pending ? '' : await ownId(tx, room, target);
      await editSent(tx, room, target);
      if (pending && untouched(pending)) {
        return again(tx, { ...pending, command: { ...pending.command, content: text(body), mentions, everyone } } as Entry);
      }
      // It may have been accepted after all, so it goes once more as it is and is changed after that.
      if (pending?.state === 'failed') await again(tx, pending);
      await dropReplaced(tx, target, false);
      const command = { op: 'edit' as const, client_id: mint(), message, content: text(body), ...named(mentions) };
      await tx.objectStore('outbox').add(entryOf('edit', room, command, pending ? target.clientId : ''));
    });
  }

  async remove(room: string, target: Target): Promise<void> {
    await this.#write(async (tx) => {
      const pending = await postOf(tx, target);
      const message = pending ? '' : await ownId(tx, room, target);
      await dropReplaced(tx, target, true);
      if (pending && untouched(pending)) return giveUp(tx, pending);
      const command = { op: 'delete' as const, client_id: mint(), message };
      await tx.objectStore('outbox').add(entryOf('delete', room, command, pending ? target.clientId : ''));
    });
  }

  /** Its owner wants it sent after all. */
  async retry(clientId: string): Promise<void> {
    await this.#write(async (tx) => {
      const held = await find(tx, clientId);
      if (held?.state === 'failed') await again(tx, held);
    });
  }

  /** Other words for what waits: in place if the server can hold nothing of it, else as a change that follows it. */
  async rewrite({ client_id, command, room, target }: Entry, body: string, meant = NOBODY): Promise<void> {
    if (command.op === 'delete') return;
    if (command.op === 'post') return this.edit(room, { id: '', clientId: client_id }, body, meant);
    const inPlace = await this.#write(async (tx) => {
      const held = await find(tx, client_id);
      if (held?.command.op !== 'edit' || !untouched(held)) return false;
      await again(tx, { ...held, command: { ...held.command, content: text(body), mentions: meant.mentions } });
      return true;
    });
    if (!inPlace) await this.edit(room, { id: command.message, clientId: target }, body, meant);
  }

  /** Returns what went and what it took along, for `restore`. */
  async discard(clientId: string): Promise<Entry[]> {
    return this.#write(async (tx) => {
      const held = await find(tx, clientId);
      if (!held) return [];
      const along = await waitingFor(tx, clientId);
      const said = await tx.objectStore('recordings').get(clientId);
      // However old it is, there is time to take it back.
      if (said) await tx.objectStore('recordings').put({ ...said, created: Date.now() });
      await giveUp(tx, held);
      return [held, ...along];
    });
  }

  /** Takes a `discard` back: everything stands where it stood, under the ids that it had. */
  async restore(entries: Entry[]): Promise<void> {
    await this.#write(async (tx) => {
      for (const [at, entry] of entries.entries()) {
        const held = await find(tx, entry.client_id);
        // An answer was left to go by itself, and has perhaps gone.
        const left = at > 0 && entry.kind === 'post';
        if (left ? held && untouched(held) : !held) await tx.objectStore('outbox').put(entry);
      }
    });
  }

  /** About to be sent: counts the attempt on disk first. Null when it must not be sent (any more). */
  async begin(clientId: string): Promise<Entry | null> {
    return this.#write(async (tx) => {
      const held = await find(tx, clientId);
      if (!held || held.state !== 'waiting' || held.target) return null;
      const old = Date.now() - held.created > ASK_AFTER;
      const next: Entry = old
        ? { ...held, state: 'failed', code: 'expired', error: '' }
        : { ...held, attempts: held.attempts + 1 };
      await tx.objectStore('outbox').put(next);
      return old ? null : next;
    });
  }

  /** Acknowledged: what it became is stored in the transaction that forgets it. */
  async settle(entry: Entry, ack: Ack): Promise<void> {
    await writer.idle();
    const me = actingFor();
    const message = await write(['outbox', 'logs', 'messages', 'drafts'], async (tx) => {
      const held = await find(tx, entry.client_id);
      if (held) await tx.objectStore('outbox').delete(held.order!);
      await resolveTargets(tx, entry, ack.subject ?? '');
      const row = ack.subject ? await tx.objectStore('messages').index('id').get(ack.subject) : undefined;
      // What it names may have been uploaded since.
      const result = afterAck(held ?? entry, ack, me, row);
      const log = await tx.objectStore('logs').get(entry.room);
      if (result && log && (row || result.seq >= log.low)) await upsert(tx, result);
      return result;
    }, { strict: true });
    const acked = { clientId: entry.client_id, message };
    tabs.tell(me, { type: 'outbox', acked });
    await this.#drop(acked);
  }

  async fail(clientId: string, code: string, error: string): Promise<void> {
    await this.#write(async (tx) => {
      const held = await find(tx, clientId);
      // After a definite no the server holds nothing under this id, so it may still be changed in place.
      const attempts = code === 'internal' ? (held?.attempts ?? 0) : 0;
      if (!held) return;
      await tx.objectStore('outbox').put({ ...held, state: 'failed', code, error, attempts });
      for (const entry of await waitingFor(tx, clientId)) {
        if (entry.kind === 'post') await tx.objectStore('outbox').put({ ...entry, code: 'unanswered' });
      }
    });
  }

  /** Something said aloud goes as a post does; `also` keeps the sound in the same transaction. Twice counts once. */
  async speak(spoken: Spoken, also: (tx: Tx) => Promise<unknown>): Promise<void> {
    const { client_id, account, room, content, replyTo, created, aside } = spoken;
    await this.#write(async (tx) => {
      if (account !== actingFor()) throw new Error('another account');
      if ((await find(tx, client_id)) || (await idOf(tx, room, { id: '', clientId: client_id }))) return;
      await also(tx);
      const command = { op: 'post' as const, client_id, room, content, ...(replyTo ? { reply_to: replyTo } : {}) };
      await tx.objectStore('outbox').add({ ...entryOf('post', room, command), created, ...(aside ? { state: 'failed' } : {}) });
    });
  }

  /** What waits names another file from now on; '' for none yet. False: it does not wait any more. */
  async name(clientId: string, file: string): Promise<boolean> {
    return this.#write(async (tx) => {
      const held = await find(tx, clientId);
      if (held?.command.op !== 'post' || held.command.content.type !== 'voice') return false;
      await tx.objectStore('outbox').put({ ...held, command: { ...held.command, content: { ...held.command.content, file } } });
      return true;
    });
  }

  /** It goes on waiting, and `error` says for what. */
  async explain(clientId: string, code: string, error: string): Promise<void> {
    await this.#write(async (tx) => {
      const held = await find(tx, clientId);
      if (held && held.error !== error) await tx.objectStore('outbox').put({ ...held, code, error });
    });
  }

  async #drop(acked: { clientId: string; message: Message | null }): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.client_id !== acked.clientId);
    this.acked.send(acked);
    this.changed.send();
    // Entries that waited for this message's id have it on disk only.
    if (this.entries.some((entry) => entry.target === acked.clientId)) await this.load();
  }

  /** What is said in a room goes in the order in which it was said. */
  async #inTurn(room: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(room);
    const mine = before ? before.then(work, work) : work();
    this.#turns.set(room, mine);
    try {
      await mine;
    } finally {
      if (this.#turns.get(room) === mine) this.#turns.delete(room);
    }
  }

  /** The draft goes in the same transaction: a crash leaves the text in exactly one of the two. `shared`: another page
   * may have, or have had, it as well. */
  async #put({ client_id, account, room, body, replyTo, meant, created }: Posting, shared: boolean): Promise<void> {
    await this.#write(async (tx) => {
      if (account !== actingFor()) throw new Error('another account');
      if ((await find(tx, client_id)) || (shared && (await idOf(tx, room, { id: '', clientId: client_id })))) return;
      await draftSent(tx, room, shared ? body : undefined);
      const pending = replyTo && (await postOf(tx, replyTo));
      const reply_to = replyTo && !pending ? await idOf(tx, room, replyTo) : '';
      const more = { ...(reply_to ? { reply_to } : {}), ...named(meant.mentions), ...(meant.everyone ? { everyone: true } : {}) };
      const command = { op: 'post' as const, client_id, room, content: text(body), ...more };
      await tx.objectStore('outbox').add({ ...entryOf('post', room, command, pending ? pending.client_id : ''), created });
    });
  }

  async #write<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { result, entries, sent } = await write(['outbox', 'drafts', 'messages', 'recordings'], async (tx) => {
      const result = await work(tx);
      const entries = await tx.objectStore('outbox').getAll();
      return { result, entries, sent: await sentSince(tx, this.entries, entries) };
    }, { strict: true });
    this.entries = entries;
    for (const each of sent) this.acked.send(each);
    tabs.tell(actingFor(), { type: 'outbox' });
    this.changed.send();
    return result;
  }
}

export const outbox = new Outbox();
