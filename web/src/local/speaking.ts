/** What is said aloud, on its way: from the disk to the server, and then into the message that shows it. */
import { holding, released } from '../lib/hold';
import { note, noted, notedUnder } from '../lib/noted';
import { ApiError } from '../wire/errors';
import type { Ack, Post, Uploaded, Voice } from '../wire/protocol.gen';
import { uploadTo } from '../wire/uploads';
import { actingFor, read, write } from './db';
import { outbox } from './outbox';
import { forget } from './owner';
import { LOCK, page, SOUND } from './posting';
import type { Recording, Spoken, Unfinished } from './schema';
import { tabs } from './tabs';

/** Nobody undoes a discard after so long (ms). */
const STRAY_AFTER = 3_600_000;

/** What nobody let go of is offered to its owner for so long (ms). */
export const KEPT_FOR = 7 * 24 * 3_600_000;

/** What was said so far, while somebody goes on: the page may be gone before they let go. Not `strict`: to wait for a
 * busy disk takes seconds at times, in which a page that dies would leave less. */
export async function keep(clientId: string, sound: Blob, known: Omit<Unfinished, 'page'>): Promise<void> {
  const unfinished = { ...known, page };
  const recording = { client_id: clientId, type: sound.type, parts: [await sound.arrayBuffer()], created: Date.now(), unfinished };
  const begun = await write(['recordings'], async (tx) => {
    const kept = await tx.objectStore('recordings').count(clientId);
    await tx.objectStore('recordings').put(recording);
    return !kept;
  });
  if (begun) tabs.tell(actingFor(), { type: 'speaking' });
}

/** What the disk had no room for: as long as this page is there, its owner can still send it. */
export const inHand = new Map<string, Recording>();

/** Somebody let go of it, and it has yet to get into the outbox. */
export const isLetGo = (clientId: string): boolean => noted(SOUND + clientId) !== '';

export async function drop(clientId: string): Promise<void> {
  note(SOUND + clientId, '');
  await write(['recordings'], (tx) => tx.objectStore('recordings').delete(clientId)).catch(() => undefined);
}

/** It is let go: noted in the same turn, since a page that closes cannot wait for the recorder, nor for the disk. What
 * is returned takes the whole sound and resolves once it is on the disk. */
export function begin(
  room: string,
  clientId: string,
  said: Omit<Voice, 'type' | 'file'>,
  replyTo = '',
  aside = false,
): (sound: Blob) => Promise<void> {
  const content: Voice = { type: 'voice', file: '', ...said };
  const spoken: Spoken = { client_id: clientId, account: actingFor(), room, content, replyTo, created: Date.now(), aside };
  note(SOUND + clientId, JSON.stringify({ ...spoken, page }));
  return async (sound) => {
    const { type } = sound;
    const parts = [await sound.arrayBuffer()];
    const recording = { client_id: clientId, type, parts, created: spoken.created };
    try {
      await outbox.speak(spoken, (tx) => tx.objectStore('recordings').put(recording));
    } catch (error) {
      inHand.set(clientId, { ...recording, unfinished: { page, room, replyTo, said } });
      throw error;
    } finally {
      note(SOUND + clientId, '');
    }
  };
}

/** What pages let go that are gone since, or once they are: as much of it as the disk has. */
export async function takeUp(): Promise<void> {
  const alive = new Set(await holding(LOCK));
  for (const spoken of notedUnder(SOUND).flatMap(parsed)) {
    if (spoken.account !== actingFor() || spoken.page === page) continue;
    if (alive.has(spoken.page)) {
      void released(LOCK + spoken.page).then(takeUp, () => undefined);
      continue;
    }
    const kept = await read(['recordings'], undefined as Recording | undefined, (tx) => tx.objectStore('recordings').get(spoken.client_id));
    if (kept) await outbox.speak(spoken, (tx) => tx.objectStore('recordings').put(finished(kept)));
    note(SOUND + spoken.client_id, '');
  }
}

/** Uploads what the command has no file of yet, and sends it. Throws ApiError. */
export async function deliver(command: Post, send: (ready: Post) => Promise<Ack>): Promise<Ack> {
  try {
    return await send(await withFile(command));
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'media_gone') throw error;
  }
  // It waited for more than a day, and the server has swept it up. A refusal leaves nothing under this client_id.
  await outbox.name(command.client_id, '');
  return send(await withFile({ ...command, content: { ...(command.content as Voice), file: '' } }));
}

/** The sound of what is on its way, or was a moment ago; null where it is not here. */
export async function soundOf(clientId: string): Promise<Blob | null> {
  const held = await read(['recordings'], undefined as Recording | undefined, (tx) => tx.objectStore('recordings').get(clientId));
  const found = inHand.get(clientId) ?? held;
  return found ? new Blob(found.parts, { type: found.type }) : null;
}

/** What no message waits for any more: it went out, was given up an hour ago, or nobody wanted it for days. */
export async function sweep(now = Date.now()): Promise<void> {
  if (!actingFor()) return;
  await write(['recordings', 'outbox'], async (tx) => {
    for (const { client_id, created, unfinished } of await tx.objectStore('recordings').getAll()) {
      const waits = await tx.objectStore('outbox').index('client_id').get(client_id);
      if (!waits && now - created > (unfinished ? KEPT_FOR : STRAY_AFTER)) await tx.objectStore('recordings').delete(client_id);
    }
  }).catch(() => undefined);
}

function finished({ unfinished: _known, ...rest }: Recording): Recording {
  return rest;
}

function parsed(text: string): (Spoken & { page: string })[] {
  try {
    return [JSON.parse(text) as Spoken & { page: string }];
  } catch {
    return [];
  }
}

async function withFile(command: Post): Promise<Post> {
  const content = command.content as Voice;
  if (content.file) return command;
  const sound = await soundOf(command.client_id);
  if (!sound) throw new ApiError('voice_lost', 'This recording is not on this device any more.');
  const { media } = await uploadTo<Uploaded>('media', sound);
  // Before it goes: what is repeated under this client_id has to say the same.
  if (!(await outbox.name(command.client_id, media))) throw new ApiError('voice_lost', 'This recording was discarded meanwhile.');
  return { ...command, content: { ...content, file: media } };
}

outbox.acked.on(({ clientId }) => {
  if (actingFor()) void write(['recordings'], (tx) => tx.objectStore('recordings').delete(clientId)).catch(() => undefined);
});
forget.on(() => inHand.clear());
void sweep();
