import { untrack } from 'svelte';
import { path } from '../../lib/route';
import { t } from '../../lib/i18n/areas/outbox';
import { heldById } from '../../local/held';
import { outbox } from '../../local/outbox';
import type { Entry, Kind } from '../../local/schema';
import { toasts } from '../../ui/toasts.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { mentionablesOf } from './mentionables.svelte';

/** One thing on its way. */
export interface Outgoing {
  entry: Entry;
  kind: Kind;
  /** Its words; of a deletion those that go, as far as they are known. */
  text: string;
  failed: boolean;
  /** Text for people: why it failed, or what it waits for. */
  error: string;
  /** It waits for the message that it belongs to. */
  follows: boolean;
  /** It was tried, and no answer came: the server may have it. */
  perhaps: boolean;
  /** Where it stands, or will. */
  place: string;
}

export interface Lane {
  room: string;
  title: string;
  list: Outgoing[];
}

/** Everything on its way, by room, in the order in which it goes. */
class OutboxView {
  #entries = $state.raw<Entry[]>([...outbox.entries]);
  /** Words of messages that are to be deleted, by id. */
  #words = $state.raw<ReadonlyMap<string, string>>(new Map());

  constructor() {
    outbox.changed.on(() => (this.#entries = [...outbox.entries]));
  }

  /** Reactive. */
  get lanes(): Lane[] {
    const lanes = new Map<string, Lane>();
    for (const entry of this.#entries) {
      const { room } = entry;
      const lane = lanes.get(room) ?? { room, title: rooms.get(room)?.title ?? '', list: [] };
      lanes.set(room, lane);
      lane.list.push(this.#outgoing(entry));
    }
    return [...lanes.values()];
  }

  /** Reactive. */
  get failed(): Entry[] {
    return this.#entries.filter((entry) => entry.state === 'failed');
  }

  async rewrite({ entry }: Outgoing, text: string): Promise<void> {
    const body = text.trim();
    if (!body) return;
    await outbox.rewrite(entry, body, await mentionablesOf(entry.room).meantBy(body));
  }

  retry({ entry }: Outgoing): void {
    void outbox.retry(entry.client_id).catch(() => undefined);
  }

  retryAll(): void {
    for (const entry of this.failed) void outbox.retry(entry.client_id).catch(() => undefined);
  }

  /** What the server may have is not forgotten here: a message is deleted there as well. */
  async discard({ entry, kind, perhaps }: Outgoing): Promise<void> {
    if (kind === 'post' && perhaps) return this.#takeBack(entry);
    const gone = await outbox.discard(entry.client_id);
    toasts.say(t(perhaps ? 'outbox.discarded.perhaps' : 'outbox.discarded'), {
      action: t('common.undo'),
      act: () => void outbox.restore(gone).catch(() => undefined),
    });
  }

  async #takeBack({ client_id, room }: Entry): Promise<void> {
    await outbox.remove(room, { id: '', clientId: client_id });
    const deletion = outbox.entries.find((each) => each.kind === 'delete' && each.target === client_id);
    toasts.say(t('outbox.takenBack'), {
      action: t('common.undo'),
      act: () => void (deletion && outbox.discard(deletion.client_id).catch(() => undefined)),
    });
  }

  #outgoing(entry: Entry): Outgoing {
    const { command, kind, room, state, error, attempts, target } = entry;
    const message = command.op === 'post' ? '' : command.message;
    return {
      entry,
      kind,
      text: command.op === 'delete' ? this.#wordsOf(message, target) : command.content.text,
      failed: state === 'failed',
      error,
      follows: target !== '',
      perhaps: attempts > 0,
      place: path.room(room, message),
    };
  }

  #wordsOf(message: string, target: string): string {
    const post = this.#entries.find((each) => each.client_id === target)?.command;
    if (post?.op === 'post') return post.content.text;
    const known = this.#words.get(message);
    if (known === undefined && message) untrack(() => void this.#look(message));
    return known ?? '';
  }

  async #look(message: string): Promise<void> {
    const found = await heldById(message);
    this.#words = new Map(this.#words).set(message, found?.content?.text ?? '');
  }
}

export const outgoing = new OutboxView();
