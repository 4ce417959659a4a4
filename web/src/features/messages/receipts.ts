/** How far others are with a message of mine, worked out from their marks. */
import type { Mark, Step } from '../../wire/protocol.gen';

export type Tick = 'sent' | 'delivered' | 'read';

/** What is known of a room: of small ones each person's mark, of large ones only how many read up to where. */
export interface Standing {
  marks: readonly Mark[];
  /** Newest first. */
  steps: readonly Step[];
  /** In large rooms, how many the others are. */
  others: number;
}

export const NOTHING: Standing = { marks: [], steps: [], others: 0 };

export interface Progress {
  tick: Tick;
  read: number;
  /** Of whom something is known at all. */
  of: number;
}

/** A tick stands for all of them: the message was read once everybody has read it. */
export function progressOf(seq: number, { marks, steps, others }: Standing): Progress {
  const of = marks.length || others;
  const read = marks.length
    ? marks.filter((mark) => mark.read >= seq).length
    : steps.reduce((sum, step) => sum + (step.seq >= seq ? step.count : 0), 0);
  if (of > 0 && read >= of) return { tick: 'read', read, of };
  const delivered = marks.length > 0 && marks.every((mark) => Math.max(mark.delivered, mark.read) >= seq);
  return { tick: delivered ? 'delivered' : 'sent', read, of };
}

/** Who has read it, whom it has reached, and whom it has not. */
export function readersOf(seq: number, marks: readonly Mark[]): Record<'read' | 'delivered' | 'waiting', string[]> {
  const found: Record<'read' | 'delivered' | 'waiting', string[]> = { read: [], delivered: [], waiting: [] };
  for (const { person, read, delivered } of marks) {
    found[read >= seq ? 'read' : delivered >= seq ? 'delivered' : 'waiting'].push(person);
  }
  return found;
}
