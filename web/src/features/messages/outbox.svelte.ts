import { untrack } from 'svelte';
import { path } from '../../lib/route';
import { t } from '../../lib/i18n/areas/outbox';
import { wordsIn } from '../../lib/said';
import { heldById } from '../../local/held';
import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';
import type { Entry, Kind } from '../../local/schema';
import { toasts } from '../../ui/toasts.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { mentionablesOf } from './mentionables.svelte';
import { whyOf } from './why';

/** One thing on its way. */
export interface Outgoing {
  entry: Entry;
  kind: Kind;
  /** Its words; of a deletion those that go, as far as they are known. */
  text: string;
  /** Nothing that could be changed. */
  spoken: boolean;
  failed: boolean;
  /** Text for people: why it failed, or what it waits for. */
  error: string;
  /** It waits for the message that it belongs to. */
  follows: boolean;
  /** It was tried, and no answer came: the server may have it. */
  perhaps: boolean;
  /** It went out while somebody was changing it. */
  sent: boolean;
  /** Where it stands, or will. */
  place: string;
}

/** `message`: what it has become; '' as long as that is not known. */
interface Held {
  entry: Entry;
  message: string;
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

  /** In somebody's hands: they stay in sight when they go out, or the new words would vanish with them. */
  #held = $state.raw<ReadonlyMap<string, Held>>(new Map());

  constructor() {
    outbox.changed.on(() => (this.#entries = [...outbox.entries]));
    outbox.acked.on(({ clientId, message }) => {
      const held = this.#held.get(clientId);
      if (held && message) this.#held = new Map(this.#held).set(clientId, { ...held, message: message.id });
    });
    forget.on(() => (this.#held = new Map()));
  }

  /** Reactive. */
  get lanes(): Lane[] {
    const lanes = new Map<string, Lane>();
    const here = new Set(this.#entries.map((entry) => entry.client_id));
    const gone = [...this.#held.values()].flatMap(({ entry }) => (here.has(entry.client_id) ? [] : entry));
    for (const entry of [...this.#entries, ...gone].sort((a, b) => a.order! - b.order!)) {
      const { room } = entry;
      const lane = lanes.get(room) ?? { room, title: rooms.get(room)?.title ?? '', list: [] };
      lanes.set(room, lane);
      lane.list.push(this.#outgoing(entry, !here.has(entry.client_id)));
    }
    return [...lanes.values()];
  }

  /** Reactive. */
  get failed(): Entry[] {
    return this.#entries.filter((entry) => entry.state === 'failed');
  }

  /** Somebody is about to change its words. */
  hold({ entry }: Outgoing): void {
    this.#held = new Map(this.#held).set(entry.client_id, { entry, message: '' });
  }

  letGo({ entry }: Outgoing): void {
    const held = new Map(this.#held);
    if (held.delete(entry.client_id)) this.#held = held;
  }

  /** Rejects where that cannot be kept. */
  async rewrite({ entry }: Outgoing, text: string): Promise<void> {
    const body = text.trim();
    const { room, kind, client_id: clientId } = entry;
    const meant = await mentionablesOf(room).meantBy(body);
    const id = this.#held.get(clientId)?.message;
    if (id && kind === 'post') await outbox.edit(room, { id, clientId }, body, meant);
    else await outbox.rewrite(entry, body, meant);
  }

  retry({ entry }: Outgoing): void {
    void outbox.retry(entry.client_id).catch(() => undefined);
  }

  retryAll(): void {
    for (const entry of this.failed) void outbox.retry(entry.client_id).catch(() => undefined);
  }

  /** What the server may have is not forgotten here: a message is deleted there as well, unless it is not to be tried
   * again by itself, for then nothing that follows it would go. */
  async discard({ entry, kind, perhaps, failed }: Outgoing): Promise<void> {
    if (kind === 'post' && perhaps && !failed) return this.#takeBack(entry);
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

  #outgoing(entry: Entry, sent: boolean): Outgoing {
    const { command, kind, room, state, attempts, target } = entry;
    const message = command.op === 'post' ? '' : command.message;
    return {
      entry,
      kind,
      text: command.op === 'delete' ? this.#wordsOf(message, target) : (wordsIn(command.content) ?? ''),
      spoken: command.op === 'post' && command.content.type === 'voice',
      failed: state === 'failed',
      error: whyOf(entry),
      follows: target !== '',
      perhaps: attempts > 0,
      sent,
      place: path.room(room, message),
    };
  }

  #wordsOf(message: string, target: string): string {
    const post = this.#entries.find((each) => each.client_id === target)?.command;
    if (post?.op === 'post') return wordsIn(post.content) ?? '';
    const known = this.#words.get(message);
    if (known === undefined && message) untrack(() => void this.#look(message));
    return known ?? '';
  }

  async #look(message: string): Promise<void> {
    const found = await heldById(message);
    this.#words = new Map(this.#words).set(message, wordsIn(found?.content) ?? '');
  }
}

export const outgoing = new OutboxView();
