import { untrack } from 'svelte';
import { beforeLeaving } from '../../lib/leaving';
import { wordsIn } from '../../lib/said';
import { heldDraft } from '../../local/drafts';
import { heldById } from '../../local/held';
import { outbox } from '../../local/outbox';
import { forget } from '../../local/owner';
import type { Target } from '../../local/schema';
import { tabs } from '../../local/tabs';
import { actingFor, write } from '../../local/db';
import { people } from '../people/people.svelte';
import { session } from '../auth/session.svelte';
import { connection } from '../connection.svelte';
import { rooms } from '../rooms/rooms.svelte';
import { drafts } from './drafts.svelte';
import { kindOf, type About, type Item } from './items';
import { mentionablesOf } from './mentionables.svelte';
import { timelineOf } from './timelines';

/** Bytes of UTF-8 that a text may have where the server has not said. */
const USUAL_LIMIT = 8192;

const DRAFT_AFTER = 250;
const TYPING_EVERY = 3000;
/** Whoever typed so recently is still at it, in ms. */
const STILL_WRITING = 5000;

/** A message of mine that is being changed, with the words that were refused, if they were. */
type Edited = About & { refused: string | null };

/**
 * What somebody is writing in a room; outlives the screens that show it. So nothing here is `$derived`: that
 * would belong to the first screen that reads it and stand still once that screen is gone.
 */
export class Composer {
  text = $state('');
  replyTo = $state.raw<About | null>(null);
  /** The message whose text is being changed. */
  editing = $state.raw<Edited | null>(null);
  /** Rises when somebody is to write on. */
  wanted = $state(0);

  /** What was being written before editing began. */
  #before: { text: string; replyTo: About | null } = { text: '', replyTo: null };
  /** The edit on disk is of this tab. */
  #edits = false;
  #typedAt = 0;
  #changedAt = 0;
  /** Rises with all that is done here: what was looked up before that comes too late. */
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The list knows the words already: the field is as tall as they are from its first moment on. */
  constructor(readonly roomId: string) {
    this.text = untrack(() => rooms.get(roomId)?.draft ?? '');
    void this.#restore(false, this.text);
  }

  /** Reactive: what is being answered or changed. A draft of another device names what may come only later. */
  get about(): Pick<About, 'author' | 'text'> | null {
    const { editing, replyTo } = this;
    if (editing || !replyTo || replyTo.author) return editing ?? replyTo;
    return timelineOf(this.roomId).items.find((item) => item.message?.id === replyTo.id) ?? replyTo;
  }

  get limit(): number {
    return session.community?.text_bytes ?? USUAL_LIMIT;
  }

  get bytes(): number {
    return new TextEncoder().encode(this.text).length;
  }

  /** Bytes that there is still room for. */
  get left(): number {
    return this.limit - this.bytes;
  }

  get canSend(): boolean {
    return this.text.trim() !== '' && this.bytes <= this.limit;
  }

  /** Shown as pending as soon as the outbox has it on disk; the text comes back when the disk refuses. */
  send(): void {
    if (!this.canSend) return;
    const { text, replyTo, editing } = this;
    const body = text.trim();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (editing) return this.#sendEdit(editing, text);
    this.text = '';
    this.replyTo = null;
    this.#turn += 1;
    this.#typedAt = 0;
    this.#changedAt = 0;
    // Far back in history one would not see what one has just written.
    void timelineOf(this.roomId).toNewest();
    drafts.sent(this.roomId);
    const target = replyTo && this.#target(replyTo);
    const called = mentionablesOf(this.roomId);
    const posted = outbox.post(this.roomId, body, target, called.calledIn(body), called.meantBy(body));
    void posted.then(
      () => {
        tabs.tell(actingFor(), { type: 'draft', room: this.roomId, text: this.text });
        // The draft that went with the message may already have been the next one.
        if (this.text || this.replyTo) this.#keepNow();
      },
      () => this.#giveBack(text, replyTo),
    );
  }

  /** Put somebody's name at the end of what is being written. */
  call(name: string): void {
    const space = this.text === '' || /\s$/.test(this.text) ? '' : ' ';
    this.text += `${space}@${name} `;
    this.wanted += 1;
    this.input();
  }

  startReply(item: Item): void {
    if (item.deleted) return;
    if (this.editing) this.cancel();
    this.replyTo = about(item);
    this.#keepNow();
  }

  /** With the words that were refused, if they were. */
  startEdit(item: Item): void {
    const text = item.refused ?? item.text;
    if (!item.mine || text === null) return;
    if (!this.editing) this.#before = { text: this.text, replyTo: this.replyTo };
    this.editing = { ...about(item), refused: item.refused };
    this.replyTo = null;
    this.text = text;
    this.#keepNow();
  }

  editLast(): void {
    const last = timelineOf(this.roomId).items.findLast((item) => item.mine && !item.deleted && kindOf(item) === 'text');
    if (last) this.startEdit(last);
  }

  /** Leaves editing, with what was being written before; or leaves the reply. */
  cancel(): void {
    if (this.editing) {
      ({ text: this.text, replyTo: this.replyTo } = this.#before);
      this.#before = { text: '', replyTo: null };
      this.editing = null;
    } else {
      this.replyTo = null;
    }
    this.#keepNow();
  }

  /** The text was changed by hand. */
  input(): void {
    this.#changedAt = Date.now();
    this.#keepSoon();
    if (this.editing || this.text === '' || Date.now() - this.#typedAt < TYPING_EVERY) return;
    if (connection.tell({ op: 'typing', room: this.roomId })) this.#typedAt = Date.now();
  }

  /** Rejects where that cannot be kept. */
  async remove(item: Item): Promise<void> {
    this.#letGoOf(item);
    if (item.state === 'failed' && !item.message) await outbox.discard(item.clientId);
    else await outbox.remove(this.roomId, this.#target(item));
  }

  /** Gives up what was refused: the message, or the change of it. */
  discard(item: Item): void {
    this.#letGoOf(item);
    this.#drop(item.clientId);
  }

  /** What was refused goes once more as it is. */
  retry(item: Item): void {
    void outbox.retry(item.clientId).catch(() => undefined);
  }

  /** Another tab or device has written on. Nothing is taken from under somebody's fingers. */
  takeOver(): void {
    if (!this.#writing) void this.#restore(true);
  }

  /** Before the page may go away, and when nobody writes here any more. */
  async flush(): Promise<void> {
    this.#changedAt = 0;
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      await this.#keep();
    }
    drafts.tell(this.roomId);
  }

  get #writing(): boolean {
    const recently = document.visibilityState === 'visible' && Date.now() - this.#changedAt < STILL_WRITING;
    return this.editing !== null || this.#timer !== undefined || recently;
  }

  #sendEdit(editing: Edited, text: string): void {
    const body = text.trim();
    const same = body === editing.text && editing.refused === null;
    // The words stay in the draft until the outbox has them.
    this.#edits = same;
    this.cancel();
    if (same) return;
    const meant = mentionablesOf(this.roomId).meantBy(body);
    void meant.then((called) => outbox.edit(this.roomId, this.#target(editing), body, called)).catch(() => {
      // Another message is being changed by now.
      if (this.editing) return this.#giveBack(text, null);
      this.#before = { text: this.text, replyTo: this.replyTo };
      this.editing = editing;
      this.replyTo = null;
      this.text = text;
      this.#keepNow();
    });
  }

  /** What could not go, or was found late, stands before what was written since. */
  #giveBack(text: string, replyTo: About | null): void {
    const written = this.editing ? this.#before : this;
    written.text = [text, written.text].filter(Boolean).join('\n');
    written.replyTo ??= replyTo;
    this.#keepNow();
  }

  #drop(clientId: string): void {
    void outbox.discard(clientId).catch(() => undefined);
  }

  #letGoOf(item: Item): void {
    if (this.editing?.key === item.key) this.cancel();
    if (this.replyTo?.key === item.key) this.cancel();
  }

  /** As it stands now: what was on its way when it was picked may have arrived since. */
  #target({ key, ...known }: { key: string; id?: string; message?: Item['message'] }): Target {
    const now = timelineOf(this.roomId).items.find((item) => item.key === key);
    return { id: now?.message?.id ?? known.message?.id ?? known.id ?? '', clientId: key };
  }

  /** No letter may follow for a long while, and the page may go before. */
  #keepNow(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    void this.#keep();
  }

  /** At the latest so long after the first letter: whoever writes without a pause can lose no more either. */
  #keepSoon(): void {
    this.#turn += 1;
    this.#timer ??= setTimeout(() => void this.#keep(), DRAFT_AFTER);
  }

  async #keep(): Promise<void> {
    this.#timer = undefined;
    const { text, replyTo } = this.editing ? this.#before : this;
    const edit = this.editing ? { target: this.#target(this.editing), text: this.text } : this.#edits ? null : undefined;
    this.#edits = this.editing !== null;
    await drafts.keep(this.roomId, text, replyTo ? this.#target(replyTo) : undefined, edit).catch(() => undefined);
  }

  /** `began`: the words that stood here already when it was looked up. */
  async #restore(evenOver: boolean, began = ''): Promise<void> {
    const turn = this.#turn;
    const draft = await heldDraft(this.roomId);
    const replyTo = draft?.reply ? await this.#find(draft.reply) : null;
    const edited = draft?.edit && !evenOver ? await this.#find(draft.edit.target) : null;
    if (turn !== this.#turn) {
      // Somebody began before their draft was there; what another tab or device wrote is behind them by now.
      const rest = draft && draft.text !== began ? draft.text : '';
      if (!evenOver && (rest || replyTo)) this.#giveBack(rest, replyTo);
      return;
    }
    if (evenOver ? this.#writing : this.editing || this.text !== began) return;
    this.text = draft?.text ?? '';
    this.replyTo = replyTo;
    if (!draft?.edit || !edited || edited.text === null) return;
    this.#before = { text: this.text, replyTo };
    this.#edits = true;
    this.editing = { ...edited, refused: null };
    this.replyTo = null;
    this.text = draft.edit.text;
  }

  async #find({ id, clientId }: Target): Promise<About | null> {
    if (!id) {
      const entry = outbox.entries.find((each) => each.client_id === clientId);
      if (entry?.command.op !== 'post') return null;
      return { key: clientId, id, author: people.byId(actingFor()) ?? null, text: wordsIn(entry.command.content) };
    }
    const message = await heldById(id);
    const author = (message && people.byId(message.author)) ?? null;
    // Written on another device, which names it by its id alone.
    const own = message?.author === actingFor() ? message.client_id : '';
    return { key: clientId || own || id, id, author, text: message ? wordsIn(message.content, message.author === actingFor()) : '' };
  }
}

function about({ key, message, author, text }: Item): About {
  return { key, id: message?.id ?? '', author, text };
}

const composers = new Map<string, Composer>();

export function composerOf(roomId: string): Composer {
  let composer = composers.get(roomId);
  if (!composer) composers.set(roomId, (composer = new Composer(roomId)));
  return composer;
}

forget.on(() => composers.clear());
tabs.heard.on(({ account, word }) => {
  if (word.type === 'draft' && account === actingFor()) composers.get(word.room)?.takeOver();
});
drafts.heard.on((room) => composers.get(room)?.takeOver());
beforeLeaving(async () => {
  if (!composers.size) return;
  await Promise.all([...composers.values()].map((composer) => composer.flush()));
  // Behind what is being written already.
  await write(['drafts'], () => Promise.resolve());
});
globalThis.document?.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') composers.forEach((composer) => void composer.flush());
});
