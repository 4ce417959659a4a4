import type { Message, Person } from '../../wire/protocol.gen';

export type { Message } from '../../wire/protocol.gen';

export interface Quoted {
  id: string;
  author: Person | null;
  /** null: deleted. */
  text: string | null;
  known: boolean;
}

/** One row of a timeline: a message as it stands, or one on its way. */
export interface Item {
  /** The same from pending to sent. */
  key: string;
  message: Message | null;
  /** null: deleted. */
  text: string | null;
  author: Person;
  mine: boolean;
  at: number;
  edited: boolean;
  deleted: boolean;
  state: 'sent' | 'pending' | 'failed';
  /** Text for people. */
  error: string;
  clientId: string;
  seq: number;
  replyTo: string;
  quoted: Quoted | null;
}

export class Timeline {
  items = $state.raw<Item[]>([]);
  hasBefore = $state(false);
  hasAfter = $state(false);
  loading = $state<'' | 'first' | 'before' | 'after' | 'jump'>('');
  error = $state('');
  atNewest = $state(true);
  /** The first message that was unread on opening; 0: none. */
  firstUnreadSeq = $state(0);
  /** Rises on an update that prepends. */
  prepended = $state(0);
  /** Message id to scroll to after a jump. */
  target = $state('');

  constructor(readonly roomId: string) {}

  async open(): Promise<void> {}
  close(): void {}
  async loadBefore(): Promise<void> {}
  async loadAfter(): Promise<void> {}
  async jumpTo(_messageId: string): Promise<void> {}
  async toNewest(): Promise<void> {}
  seen(_seq: number): void {}
  retry(_clientId: string): void {}
  discard(_clientId: string): void {}
}

const timelines = new Map<string, Timeline>();

export function timelineOf(roomId: string): Timeline {
  let timeline = timelines.get(roomId);
  if (!timeline) timelines.set(roomId, (timeline = new Timeline(roomId)));
  return timeline;
}
