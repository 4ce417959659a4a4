import type { DraftChanged } from '../wire/protocol.gen';
import { actingFor, read, write } from './db';
import type { Draft, Target, Tx } from './schema';
import { tabs } from './tabs';

/** Also those that were emptied here and that the server still has. */
export function allDrafts(): Promise<Draft[]> {
  return read(['drafts'], [] as Draft[], (tx) => tx.objectStore('drafts').getAll());
}

/**
 * `at`: now, by the server's clock. An empty text that answers nothing leaves no draft, except (as an empty one)
 * until the server has been told. `edit`: of a message that is being changed; null: none is, undefined: another tab
 * may know.
 */
export async function keepDraft(room: string, text: string, at: number, reply?: Target, edit?: Draft['edit'] | null): Promise<void> {
  await write(['drafts'], async (tx) => {
    const drafts = tx.objectStore('drafts');
    const held = await drafts.get(room);
    const kept = edit === undefined ? held?.edit : edit;
    const draft: Draft = { room, text, at, ...(reply ? { reply } : {}), ...(kept ? { edit: kept } : {}) };
    if (held?.told !== undefined) Object.assign(draft, { told: 0 }, held.device ? { device: held.device } : {});
    if (text || reply || kept || draft.told !== undefined) await drafts.put(draft);
    else await drafts.delete(room);
  });
  tabs.tell(actingFor(), { type: 'draft', room, text });
}

export async function heldDraft(room: string): Promise<Draft | undefined> {
  const held = await read(['drafts'], undefined as Draft | undefined, (tx) => tx.objectStore('drafts').get(room));
  return held && (held.text || held.reply || held.edit) ? held : undefined;
}

/** What the server holds of a draft; of two the later one counts, and one that it lacks will be told. */
export async function applyDraft(tx: Tx, { room, text, reply_to, at = 0, device }: DraftChanged): Promise<void> {
  const drafts = tx.objectStore('drafts');
  const held = await drafts.get(room);
  const owner = await tx.objectStore('meta').get('owner');
  const nothing = !text && !reply_to;
  if (device && device === owner?.device) {
    // An echo: it says that the server has this, and nothing about what was written since.
    if (!held || held.text !== text) return;
    const { device: _another, ...mine } = held;
    return void (await (nothing && !held.edit ? drafts.delete(room) : drafts.put({ ...mine, told: at })));
  }
  if (held && isUntold(held) && held.at > at) return;
  const edit = held?.edit ? { edit: held.edit } : {};
  const reply = reply_to ? { reply: { id: reply_to, clientId: '' } } : {};
  if (nothing && !held?.edit) await drafts.delete(room);
  else await drafts.put({ room, text, at, told: at, device, ...reply, ...edit });
}

/**
 * The draft of a room, if the server does not have it as it stands here. From now on the server may have these words:
 * if they are emptied before it says so, that has to be told as well.
 */
export function offerDraft(room: string): Promise<Draft | undefined> {
  return write(['drafts'], async (tx) => {
    const drafts = tx.objectStore('drafts');
    const held = await drafts.get(room);
    // Of an edit alone there is nothing to tell.
    if (!held || !isUntold(held) || !(held.text || held.reply || held.told !== undefined)) return undefined;
    if (held.told === undefined) await drafts.put({ ...held, told: 0 });
    return held;
  });
}

/** The server does not have it as it stands here. */
function isUntold(draft: Draft): boolean {
  return !draft.told;
}

/** It becomes a message: whatever it is, or only where it is a beginning of `words`. What another tab is changing
 * meanwhile stays. */
export async function draftSent(tx: Tx, room: string, words?: string): Promise<void> {
  const drafts = tx.objectStore('drafts');
  const held = await drafts.get(room);
  if (words !== undefined && !words.startsWith(held?.text.trim() ?? '')) return;
  if (held?.edit) await drafts.put({ room, text: '', at: held.at, edit: held.edit });
  else await drafts.delete(room);
}

/** The words of an edit go out, so they are kept here no longer. */
export async function editSent(tx: Tx, room: string, target: Target): Promise<void> {
  const held = await tx.objectStore('drafts').get(room);
  if (!held?.edit || !isSame(held.edit.target, target)) return;
  const { edit: _sent, ...rest } = held;
  if (rest.text || rest.reply || rest.told !== undefined) await tx.objectStore('drafts').put(rest);
  else await tx.objectStore('drafts').delete(room);
}

function isSame(one: Target, other: Target): boolean {
  return one.id && other.id ? one.id === other.id : one.clientId !== '' && one.clientId === other.clientId;
}
