import type { LogEvent, MessageChanged, Person, Summary } from '../wire/protocol.gen';
import { beginLog, dropMessages, newestLiving, resetLog, upsert } from './messages';
import { applyDraft } from './drafts';
import { applyFolk } from './folk';
import { attentionChanged, joined, memberChanged, messageChanged, readChanged, restarted, roomChanged, summarised } from './rooms';
import type { RoomRecord, Tx } from './schema';

/** Write what was heard. Applying something twice, or late, changes nothing. */
export async function applyEvent(tx: Tx, event: LogEvent, me: string): Promise<void> {
  switch (event.op) {
    case 'message':
      return applyMessage(tx, event, me);
    case 'room':
      return change(tx, event.log, (held) => roomChanged(held, event));
    case 'member':
      await keepPerson(tx, event.person);
      return change(tx, event.log, (held) => memberChanged(held, event, me));
    case 'joined':
      for (const person of event.people ?? []) await keepPerson(tx, person);
      await tx.objectStore('rooms').put(joined(await tx.objectStore('rooms').get(event.room.id), event));
      return beginLog(tx, event.room.id, event.head);
    case 'left':
      return dropRoom(tx, event.room);
    case 'read':
      return change(tx, event.room, (held) => readChanged(held, event));
    case 'attention':
      return change(tx, event.room, (held) => attentionChanged(held, event));
    case 'listened':
      return void (await tx.objectStore('heard').put({ message: event.message, count: event.count ?? 0 }));
    case 'draft':
      return applyDraft(tx, event);
    case 'blocked':
    case 'nicknames':
    case 'preferences':
      return applyFolk(tx, event);
    case 'me': {
      const owner = await tx.objectStore('meta').get('owner');
      if (owner) await tx.objectStore('meta').put({ ...owner, me: event.me }, 'owner');
      return;
    }
  }
}

async function applyMessage(tx: Tx, event: MessageChanged, me: string): Promise<void> {
  await keepPerson(tx, event.person);
  const log = await tx.objectStore('logs').get(event.log);
  // A page can be ahead of the events: what it replaced must not come back with them, since its next change may
  // be among those that are not told one by one.
  const { seq, rev } = event.message;
  const spanned = log?.span && seq >= log.span.low && seq <= log.span.high;
  const replaced = log && seq < log.low && rev <= log.floor && !spanned;
  if (log && !replaced) await upsert(tx, event.message);
  const held = await tx.objectStore('rooms').get(event.log);
  if (!held) return;
  const { author } = event.message;
  const silent = author === me || (await tx.objectStore('blocks').get(author)) !== undefined;
  const { record, lost } = messageChanged(held, event, me, silent);
  if (lost) record.last = await newestLiving(tx, event.log);
  await tx.objectStore('rooms').put(record);
}

/** `sure`: of a welcome; others may be older than what is held. */
export async function applySummary(tx: Tx, summary: Summary, sure: boolean): Promise<void> {
  if (summary.person) await keepPerson(tx, summary.person);
  await change(tx, summary.room, (held) => summarised(held, summary, sure));
  await beginLog(tx, summary.room, summary.head);
}

/** Too far behind: what is held of the log up to `to` is not known to be still true. It stands at `head`. */
export async function restart(tx: Tx, log: string, after: number, to: number, head: number): Promise<void> {
  if (await resetLog(tx, log, after, to)) await change(tx, log, (held) => restarted(held, head));
}

/** Leaves nothing of a room: rows, draft, and what waits to be sent there. */
export async function dropRoom(tx: Tx, room: string): Promise<void> {
  await dropMessages(tx, room);
  await tx.objectStore('logs').delete(room);
  await tx.objectStore('rooms').delete(room);
  await tx.objectStore('drafts').delete(room);
  for (const entry of await tx.objectStore('outbox').getAll()) {
    if (entry.room === room) await tx.objectStore('outbox').delete(entry.order!);
  }
}

async function keepPerson(tx: Tx, person: Person): Promise<void> {
  await tx.objectStore('people').put(person);
}

async function change(tx: Tx, room: string, how: (held: RoomRecord) => RoomRecord): Promise<void> {
  const held = await tx.objectStore('rooms').get(room);
  if (held) await tx.objectStore('rooms').put(how(held));
}
