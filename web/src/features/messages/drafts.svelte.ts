import { Signal } from '../../lib/signal';
import { allDrafts, heldDraft, keepDraft, offerDraft } from '../../local/drafts';
import { forget } from '../../local/owner';
import type { Draft, Target } from '../../local/schema';
import { sync } from '../../local/sync';
import { writer } from '../../local/writer';
import { connection } from '../connection.svelte';
import { rooms } from '../rooms/rooms.svelte';

/** Whoever pauses for so long has probably stopped, in ms. */
const TELL_AFTER = 1500;
/** Longer ones stay here, in characters (SaveDraft); whatever is sent has to be much shorter. */
const LONGEST = 65_536;

/** What one began to write goes to one's other devices, and comes from them; of two the later one holds. */
class Drafts {
  /** The draft of this room was changed on another device. */
  readonly heard = new Signal<string>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** What was told since this connection came up, by room: an echo says whether it got there. */
  #told = new Map<string, string>();

  constructor() {
    forget.on(() => this.#forget());
    sync.changes.on((change) => {
      if (change.type === 'event' && change.event.op === 'draft') void this.#changed(change.event.room);
      if (change.type === 'settled' && change.welcome) void this.#catchUp();
    });
  }

  async keep(room: string, text: string, reply?: Target, edit?: Draft['edit'] | null): Promise<void> {
    rooms.drafted(room, text);
    await keepDraft(room, text, connection.clock.now(), reply, edit);
    clearTimeout(this.#timers.get(room));
    this.#timers.set(room, setTimeout(() => this.tell(room), TELL_AFTER));
  }

  /** Now, because nobody writes there any more. */
  tell(room: string): void {
    clearTimeout(this.#timers.get(room));
    if (!this.#timers.delete(room)) return;
    void this.#say(room);
  }

  /** It became a message. The server forgets the draft with that, but not what another device began. */
  sent(room: string): void {
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
    this.#told.delete(room);
    rooms.drafted(room, '');
    void heldDraft(room).then((draft) => draft?.device && connection.tell({ op: 'save_draft', room, text: '' }));
  }

  async #catchUp(): Promise<void> {
    this.#told.clear();
    // What the server holds may be later than what waits here.
    await writer.idle();
    for (const { room } of await allDrafts()) await this.#say(room);
  }

  async #changed(room: string): Promise<void> {
    await writer.idle();
    rooms.drafted(room, (await heldDraft(room))?.text ?? '');
    this.heard.send(room);
  }

  async #say(room: string): Promise<void> {
    // Whatever waits here goes out with the next welcome.
    if (!connection.online) return;
    const draft = await offerDraft(room).catch(() => undefined);
    if (!draft || draft.text.length > LONGEST) return;
    const { text, reply } = draft;
    const words = JSON.stringify([text, reply?.id]);
    if (this.#told.get(room) === words) return;
    if (connection.tell({ op: 'save_draft', room, text, reply_to: reply?.id || null })) this.#told.set(room, words);
  }

  #forget(): void {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.#timers.clear();
    this.#told.clear();
  }
}

export const drafts = new Drafts();
