import type { Ack, Message, Post } from '../wire/protocol.gen';
import type { Entry } from './schema';

/** The message as the server has it after this acknowledgement; null when that cannot be told. */
export function afterAck(entry: Entry, ack: Ack, me: string, held: Message | undefined): Message | null {
  const { command } = entry;
  const { subject = '', seq = 0, at = 0 } = ack;
  if (command.op === 'post') return { ...asPosted(entry.room, command, me), id: subject, seq, rev: seq, at };
  // Acknowledged as done already, or something newer was heard of: nothing to add.
  if (!held || seq <= held.rev) return null;
  if (command.op === 'edit') {
    return { ...held, content: command.content, mentions: command.mentions ?? [], rev: seq, edited_at: at };
  }
  return { ...held, content: null, rev: seq, deleted_at: at };
}

function asPosted(room: string, command: Post, me: string): Omit<Message, 'id' | 'seq' | 'rev' | 'at'> {
  const { client_id, content, reply_to, mentions = [], everyone = false } = command;
  return { room, author: me, content, client_id, mentions, everyone, ...(reply_to ? { reply_to } : {}) };
}
