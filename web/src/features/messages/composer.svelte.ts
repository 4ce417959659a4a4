import { heldDraft, keepDraft } from '../../local/drafts';
import { outbox, type Target } from '../../local/outbox';
import { forget } from '../../local/owner';
import { tabs } from '../../local/tabs';
import { actingFor } from '../../local/db';
import { connection } from '../connection.svelte';
import { rooms } from '../rooms/rooms.svelte';
import type { Item } from './items';
import { timelineOf } from './timeline.svelte';

/** Bytes of UTF-8 that a text may have. */
export const LIMIT = 8192;

const DRAFT_AFTER = 400;
const TYPING_EVERY = 3000;

/** What somebody is writing in a room. */
export class Composer {
  text = $state('');
  replyTo = $state.raw<Item | null>(null);
  /** The message whose text is being changed. */
  editing = $state.raw<Item | null>(null);
  readonly limit = LIMIT;
  bytes = $derived(new TextEncoder().encode(this.text).length);
  canSend = $derived(this.text.trim() !== '' && this.bytes <= LIMIT);

  #before = '';
  #typedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly roomId: string) {
    void this.#restore();
  }

  /** Shown as pending as soon as the outbox has it on disk; the text comes back when the disk refuses. */
  send(): void {
    if (!this.canSend) return;
    const { text, replyTo, editing } = this;
    const body = text.trim();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (editing) {
      this.cancel();
      if (body === editing.text) return;
      void outbox.edit(this.roomId, this.#target(editing), body).catch(() => {
        this.startEdit(editing);
        this.text = text;
      });
      return;
    }
    this.text = '';
    this.replyTo = null;
    this.#typedAt = 0;
    // Far back in history one would not see what one has just written.
    void timelineOf(this.roomId).toNewest();
    rooms.drafted(this.roomId, '');
    void outbox.post(this.roomId, body, replyTo?.message?.id ?? '').then(
      () => tabs.tell(actingFor(), { type: 'draft', room: this.roomId, text: this.text }),
      () => {
        this.text = text;
        this.replyTo = replyTo;
        rooms.drafted(this.roomId, text);
      },
    );
  }

  /** Only to what the server knows: a message on its way has no id to refer to. */
  startReply(item: Item): void {
    if (!item.message || item.deleted) return;
    if (this.editing) this.cancel();
    this.replyTo = item;
  }

  startEdit(item: Item): void {
    if (!item.mine || item.text === null) return;
    if (!this.editing) this.#before = this.text;
    this.editing = item;
    this.replyTo = null;
    this.text = item.text;
  }

  editLast(): void {
    const last = timelineOf(this.roomId).items.findLast((item) => item.mine && !item.deleted);
    if (last) this.startEdit(last);
  }

  /** Leaves editing, with what was being written before; or leaves the reply. */
  cancel(): void {
    if (this.editing) {
      this.text = this.#before;
      this.#before = '';
    }
    this.editing = this.replyTo = null;
  }

  /** The text was changed by hand. */
  input(): void {
    if (this.editing) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), DRAFT_AFTER);
    if (this.text === '' || Date.now() - this.#typedAt < TYPING_EVERY) return;
    if (connection.tell({ op: 'typing', room: this.roomId })) this.#typedAt = Date.now();
  }

  remove(item: Item): void {
    if (this.editing?.key === item.key) this.cancel();
    if (this.replyTo?.key === item.key) this.replyTo = null;
    if (item.state === 'failed' && !item.message) return timelineOf(this.roomId).discard(item.clientId);
    void outbox.remove(this.roomId, this.#target(item)).catch(() => undefined);
  }

  /** Another tab has written on. */
  takeOver(text: string): void {
    if (!this.editing && document.visibilityState === 'hidden') this.text = text;
  }

  /** Before the page may go away. */
  flush(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#keep();
  }

  /** As it stands now: what was on its way when it was picked may have arrived since. */
  #target(item: Item): Target {
    const now = timelineOf(this.roomId).items.find((other) => other.key === item.key) ?? item;
    return { id: now.message?.id ?? '', clientId: item.key };
  }

  #keep(): void {
    this.#timer = undefined;
    rooms.drafted(this.roomId, this.text);
    void keepDraft(this.roomId, this.text).catch(() => undefined);
  }

  async #restore(): Promise<void> {
    const draft = await heldDraft(this.roomId);
    if (draft && this.text === '') this.text = draft.text;
  }
}

const composers = new Map<string, Composer>();

export function composerOf(roomId: string): Composer {
  let composer = composers.get(roomId);
  if (!composer) composers.set(roomId, (composer = new Composer(roomId)));
  return composer;
}

forget.on(() => composers.clear());
tabs.heard.on(({ account, word }) => {
  if (word.type === 'draft' && account === actingFor()) composers.get(word.room)?.takeOver(word.text);
});
globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') composers.forEach((composer) => composer.flush());
});
