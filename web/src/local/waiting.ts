/** What stands in the outbox, inside one transaction: how commands that are on their way hang together. */
import { mint } from '../lib/ids';
import type { Message } from '../wire/protocol.gen';
import { actingFor } from './db';
import type { Entry, Kind, ReadTx, Target, Tx } from './schema';

/** It went out; its message as the server has it now. */
export interface Sent {
  clientId: string;
  message: Message | null;
}

export function named(mentions: string[]): { mentions?: string[] } {
  return mentions.length ? { mentions } : {};
}

export function entryOf(kind: Kind, room: string, command: Entry['command'], target = ''): Entry {
  const { client_id } = command;
  return { client_id, kind, room, command, target, created: Date.now(), state: 'waiting', code: '', error: '', attempts: 0 };
}

export function find(tx: Tx, clientId: string): Promise<Entry | undefined> {
  return tx.objectStore('outbox').index('client_id').get(clientId);
}

/** The post that brings this message, if it is still on its way. */
export async function postOf(tx: Tx, target: Target): Promise<Entry | undefined> {
  const held = !target.id && target.clientId ? await find(tx, target.clientId) : undefined;
  return held?.kind === 'post' ? held : undefined;
}

/** The message's own id; it may have got one a moment ago. '' when it is not known here. */
export async function idOf(tx: Tx, room: string, target: Target): Promise<string> {
  if (target.id) return target.id;
  const rows = await tx.objectStore('messages').getAll(IDBKeyRange.bound([room, 0], [room, Infinity]));
  const row = rows.findLast((message) => message.client_id === target.clientId && message.author === actingFor());
  return row?.id ?? '';
}

export async function ownId(tx: Tx, room: string, target: Target): Promise<string> {
  const id = await idOf(tx, room, target);
  if (!id) throw new Error('no such message');
  return id;
}

/** The server holds nothing of it: it was never sent, or was refused (a conflict is about another content). */
export const untouched = (entry: Entry) => entry.attempts === 0;

/** To be sent (once more) as it stands here. */
export async function again(tx: Tx, entry: Entry): Promise<void> {
  const next: Entry = { ...entry, state: 'waiting', code: '', error: '' };
  if (entry.state === 'failed') next.created = Date.now();
  if (entry.code === 'conflict') {
    // The server knows this id with another content, so it can never be accepted under it.
    next.command = { ...entry.command, client_id: (next.client_id = mint()) };
    for (const other of await waitingFor(tx, entry.client_id)) {
      await tx.objectStore('outbox').put({ ...other, target: next.client_id });
    }
  }
  await tx.objectStore('outbox').put(next);
}

export function waitingFor(tx: Tx, clientId: string): Promise<Entry[]> {
  return tx.objectStore('outbox').getAll().then((all) => all.filter((entry) => entry.target === clientId));
}

/** It will not be sent, and neither will its changes. Answers to it are words of their own and go without it. */
export async function giveUp(tx: Tx, lost: Entry): Promise<void> {
  const store = tx.objectStore('outbox');
  await store.delete(lost.order!);
  for (const entry of await waitingFor(tx, lost.client_id)) {
    if (entry.kind === 'post') await store.put({ ...entry, target: '', code: '', error: '' });
    else await store.delete(entry.order!);
  }
}

/** Older changes of the same message that failed, or (before a deletion) were never sent, are pointless now. */
export async function dropReplaced(tx: Tx, target: Target, unsentToo: boolean): Promise<void> {
  for (const entry of await tx.objectStore('outbox').getAll()) {
    if (entry.command.op === 'post') continue;
    const same = target.id ? entry.command.message === target.id : entry.target === target.clientId;
    if (same && (entry.state === 'failed' || (unsentToo && entry.attempts === 0))) {
      await tx.objectStore('outbox').delete(entry.order!);
    }
  }
}

/** The message has an id now, and what waited for it can go. */
export async function resolveTargets(tx: Tx, sent: Entry, message: string): Promise<void> {
  for (const entry of await waitingFor(tx, sent.client_id)) {
    const { command } = entry;
    const resolved = command.op === 'post' ? { ...command, reply_to: message } : { ...command, message };
    await tx.objectStore('outbox').put({ ...entry, target: '', code: '', error: '', command: resolved });
  }
  const draft = await tx.objectStore('drafts').get(sent.room);
  const known = { id: message, clientId: sent.client_id };
  if (draft?.reply?.clientId === sent.client_id) draft.reply = known;
  if (draft?.edit?.target.clientId === sent.client_id) draft.edit = { ...draft.edit, target: known };
  if (draft) await tx.objectStore('drafts').put(draft);
}

/** What those of `before` that are no longer among `now` have become; what was discarded became nothing. */
export async function sentSince(tx: Tx | ReadTx, before: readonly Entry[], now: readonly Entry[]): Promise<Sent[]> {
  const still = new Set(now.map((entry) => entry.client_id));
  const sent: Sent[] = [];
  for (const { client_id: clientId, command, room } of before) {
    if (still.has(clientId)) continue;
    const messages = tx.objectStore('messages');
    const message =
      command.op !== 'post'
        ? await messages.index('id').get(command.message)
        : (await messages.getAll(IDBKeyRange.bound([room, 0], [room, Infinity]))).findLast(
            (row) => row.client_id === clientId && row.author === actingFor(),
          );
    if (message) sent.push({ clientId, message });
  }
  return sent;
}
