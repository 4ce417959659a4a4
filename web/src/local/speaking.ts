/** What is said aloud, on its way: from the disk to the server, and then into the message that shows it. */
import { post as postTo } from '../wire/http';
import { ApiError } from '../wire/errors';
import type { Ack, Post, Uploaded, Voice } from '../wire/protocol.gen';
import { actingFor, read, write } from './db';
import { outbox } from './outbox';
import type { Recording } from './schema';

/** Nobody undoes a discard after so long (ms). */
const STRAY_AFTER = 3_600_000;

/** Keeps what was said, and lets it go out. Resolves once both are on the disk; the client_id. */
export async function speak(room: string, sound: Blob, said: Omit<Voice, 'type' | 'file'>, replyTo = ''): Promise<string> {
  const parts = [await sound.arrayBuffer()];
  const recording = { type: sound.type, parts, created: Date.now() };
  return outbox.speak(room, { type: 'voice', file: '', ...said }, replyTo, (tx, client_id) =>
    tx.objectStore('recordings').add({ client_id, ...recording }),
  );
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
  return held ? new Blob(held.parts, { type: held.type }) : null;
}

/** What no message waits for any more: it went out, or was given up an hour ago. */
export async function sweep(now = Date.now()): Promise<void> {
  if (!actingFor()) return;
  await write(['recordings', 'outbox'], async (tx) => {
    for (const { client_id, created } of await tx.objectStore('recordings').getAll()) {
      const waits = await tx.objectStore('outbox').index('client_id').get(client_id);
      if (!waits && now - created > STRAY_AFTER) await tx.objectStore('recordings').delete(client_id);
    }
  }).catch(() => undefined);
}

async function withFile(command: Post): Promise<Post> {
  const content = command.content as Voice;
  if (content.file) return command;
  const sound = await soundOf(command.client_id);
  if (!sound) throw new ApiError('voice_lost', 'This recording is not on this device any more.');
  const { media } = await postTo<Uploaded>('media', sound);
  // Before it is named: what is repeated under this client_id has to say the same.
  await outbox.name(command.client_id, media);
  return { ...command, content: { ...content, file: media } };
}

outbox.acked.on(({ clientId }) => {
  if (actingFor()) void write(['recordings'], (tx) => tx.objectStore('recordings').delete(clientId)).catch(() => undefined);
});
void sweep();
