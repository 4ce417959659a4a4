import { untrack } from 'svelte';
import { problemOf } from '../../lib/problem';
import { heldAround, heldBefore, heldById, heldFrom } from '../../local/held';
import { outbox } from '../../local/outbox';
import { fetchPage, ROWS, type Where } from '../../local/pages';
import { writer } from '../../local/writer';
import { ApiError } from '../../wire/errors';
import type { Message, Page } from '../../wire/protocol.gen';
import { nameOf, people } from '../people/people.svelte';
import { Items, type Item } from './items';
import { QuoteFinder } from './quoted';
import { Seen } from './seen.svelte';
import { voiceIn } from './voice';

export type { Message } from '../../wire/protocol.gen';
export type { About, Item, Quoted } from './items';

type Loading = '' | 'first' | 'before' | 'after' | 'jump';

const KEPT_CLOSED = 200;
/** Of a room that stays on screen for hours. */
const KEPT_OPEN = 500;

/** What of a room is on screen: one run of messages without holes, and what is on its way. */
export class Timeline {
  items = $state.raw<Item[]>([]);
  hasBefore = $state(false);
  /** The run does not reach up to the newest message. */
  hasAfter = $state(false);
  loading = $state<Loading>('');
  /** Text for people. */
  error = $state('');
  /** Rises on an update that prepends, or gives up rows at the head. */
  prepended = $state(0);
  /** The run reaches down to where the unread ones begin. */
  lineKnown = $state(false);
  /** Rises when there is more to read than there seemed to be when it came on screen. */
  begun = $state(0);
  /** Message id to scroll to after a jump. */
  target = $state('');

  /** Every message heard of since this timeline exists, by id; the newer `rev` wins. */
  #known = new Map<string, Message>();
  #low = Infinity;
  #high = Infinity;
  #ready = false;
  #shown = false;
  /** Rises when the run is given up, so that answers to older questions are not taken. */
  #era = 0;
  /** Rises with each load as well: of two, the later one counts. */
  #turn = 0;
  #rows = new Items();
  #due = false;
  #reading: Promise<unknown> = Promise.resolve();
  #quotes: QuoteFinder;
  /** What of it has been on screen. */
  readonly seen: Seen;

  constructor(readonly roomId: string) {
    this.seen = new Seen(roomId, {
      shown: () => this.#shown,
      whole: () => this.#high === Infinity,
      messages: () => this.#known.values(),
    });
    this.#quotes = new QuoteFinder(roomId, () => {
      const era = this.#era;
      return (messages) => {
        if (era !== this.#era) return;
        this.#take(messages);
        this.redraw();
      };
    });
  }

  /** Somebody looks at it. */
  get shown(): boolean {
    return this.#shown;
  }

  async open(): Promise<void> {
    // Views open from effects, which must not run again for what is read here.
    await untrack(() => this.#open());
  }

  close(): void {
    this.#shown = false;
    this.target = '';
    this.seen.end();
    if (this.#high !== Infinity) {
      this.#giveUp();
      // What is heard until the next opening would not reach them.
      this.items = [];
    } else this.lighten(KEPT_CLOSED, 0);
  }

  async loadBefore(): Promise<void> {
    if (this.error && !this.#ready) return this.#first();
    if (!this.hasBefore || this.loading || !this.#ready) return;
    await this.#load('before', async (turn) => {
      const held = await heldBefore(this.roomId, this.#low, ROWS);
      if (turn !== this.#turn) return;
      if (held.rows.length || held.complete) {
        this.#take(held.rows);
        this.hasBefore = held.more || !held.complete;
        return this.#prepend(held.rows[0]?.seq);
      }
      const page = await this.#page(turn, { before: this.#low });
      if (!page) return;
      this.hasBefore = page.has_before;
      this.#prepend(page.messages[0]?.seq);
    });
  }

  async loadAfter(): Promise<void> {
    if (!this.hasAfter || this.loading || !this.#ready) return;
    await this.#load('after', async (turn) => {
      const page = await this.#page(turn, { after: this.#high });
      if (!page) return;
      this.#reach(page.has_after ? (page.messages.at(-1)?.seq ?? this.#high) : Infinity);
      this.#draw();
    });
  }

  /** Brings a message on screen and names it in `target`. */
  async jumpTo(messageId: string): Promise<void> {
    this.target = '';
    await untrack(() => this.#jump(messageId));
  }

  /** Where the unread ones began. */
  async jumpToUnread(): Promise<void> {
    this.target = '';
    const seq = this.seen.firstUnread;
    if (!seq) return;
    await untrack(() => this.#load('jump', async (turn) => {
      const inside = this.#ready && (this.#low <= seq || !this.hasBefore);
      if (!inside && !(await this.#fromUnread(seq, turn))) return;
      if (turn !== this.#turn) return;
      this.target = this.items.find((item) => item.seq >= seq && !item.mine)?.message?.id ?? '';
    }));
  }

  async toNewest(): Promise<void> {
    this.target = '';
    if (this.#high === Infinity) return;
    this.#giveUp();
    await this.#first();
  }

  /** A message as it stands now, from wherever. */
  heard(message: Message): void {
    const held = this.#known.get(message.id);
    if (held && held.rev >= message.rev) return;
    this.#known.set(message.id, message);
    if (!this.#shown) this.lighten(KEPT_CLOSED);
    this.redraw();
  }

  /** Nobody is about to read what is far above: gives up all but the newest `most` once there are more by `slack`. */
  lighten(most = KEPT_OPEN, slack = most): void {
    if (this.#high !== Infinity || this.#known.size <= most + slack) return;
    // A page that is on its way would not join the run any more, and could be older than what is given up.
    this.#era += 1;
    this.#turn += 1;
    this.loading = '';
    const newest = [...this.#known.values()].sort((a, b) => b.seq - a.seq).slice(0, most);
    this.#known = new Map(newest.map((message) => [message.id, message]));
    if (!this.#ready) return;
    this.hasBefore = true;
    this.#prepend(Math.max(this.#low, newest.at(-1)?.seq ?? 0));
  }

  /** What was held is not true any more. */
  async reset(): Promise<void> {
    const around = this.#high === Infinity ? undefined : this.items[Math.floor(this.items.length / 2)]?.message?.id;
    this.#giveUp();
    this.#known.clear();
    this.items = [];
    if (!this.#shown) return;
    if (around) return this.jumpTo(around);
    const era = this.#era;
    // How the room stands now is told right behind it.
    await writer.idle();
    if (era !== this.#era) return;
    await this.#begin();
  }

  gone(): void {
    this.#giveUp();
    this.#known.clear();
    this.items = [];
    this.#shown = false;
  }

  /** The connection is there (again): what failed without it is tried anew. */
  async online(): Promise<void> {
    if (!this.#shown) return;
    this.#quotes.again();
    // Rooms draw how they stand first. What is being read here is not read again behind all that the connection brings.
    await this.#reading;
    this.noteUnread();
    if (this.#ready) this.error = '';
    else await this.#begin();
  }

  /** What is unread now is new to whoever looks. */
  noteUnread(): void {
    if (this.seen.note() && this.#ready) this.begun += 1;
    this.redraw();
    this.seen.tell();
  }

  /** Once for everything that one frame brings. */
  redraw(): void {
    // Without its history a room still shows what one writes there.
    if (this.#due || !(this.#ready || this.error)) return;
    this.#due = true;
    queueMicrotask(() => {
      if (this.#due) this.#draw();
    });
  }

  async #open(): Promise<void> {
    this.seen.begin();
    this.#shown = true;
    const unread = this.seen.firstUnread;
    if (this.#ready && (!unread || unread >= this.#low || !this.hasBefore)) return this.#draw();
    if (this.#ready) this.#giveUp();
    await this.#first(unread);
  }

  /** Where whoever looks already has to be led again. */
  async #begin(): Promise<void> {
    this.seen.note();
    const { firstUnread } = this.seen;
    await this.#first(firstUnread);
    if (firstUnread) this.begun += 1;
  }

  /** The newest messages; or those around where the unread ones begin, if that can be had. */
  async #first(unread = 0): Promise<void> {
    await this.#load('first', async (turn) => {
      if (unread && (await this.#fromUnread(unread, turn))) return;
      if (turn !== this.#turn) return;
      const held = await (this.#reading = heldBefore(this.roomId, Infinity, ROWS));
      if (turn !== this.#turn) return;
      if (held.rows.length || held.complete) {
        this.#take(held.rows);
        this.hasBefore = held.more || !held.complete;
        this.#settle(held.rows[0]?.seq ?? 0, Infinity);
        return;
      }
      const page = await this.#page(turn);
      if (!page) return;
      this.hasBefore = page.has_before;
      this.#settle(page.messages[0]?.seq ?? 0, Infinity);
    });
    // A cache that has only just begun would leave most of the screen empty.
    if (this.#ready && this.hasBefore && this.items.length < ROWS / 2) await this.loadBefore();
  }

  /** Begins the run a little above the first unread message; false where that is not held and not to be had. */
  async #fromUnread(seq: number, turn: number): Promise<boolean> {
    if (await (this.#reading = this.#held(seq, turn))) return true;
    if (turn !== this.#turn) return true;
    try {
      const page = await this.#page(turn, { around_seq: seq });
      if (page?.messages.length) this.#settleOn(page);
      return page?.messages.length !== 0;
    } catch (error) {
      // What is held can be read all the same.
      if (error instanceof ApiError) return false;
      throw error;
    }
  }

  async #jump(messageId: string): Promise<void> {
    await this.#load('jump', async (turn) => {
      const message = this.#known.get(messageId) ?? (await heldById(messageId));
      if (turn !== this.#turn) return;
      const inside = message && message.seq >= this.#low && message.seq <= this.#high;
      if (!inside && !(message && (await this.#held(message.seq, turn)))) {
        const page = await this.#page(turn, { around: messageId });
        if (page?.messages.length) this.#settleOn(page);
      }
      if (turn !== this.#turn) return;
      this.#draw();
      if (this.items.some((item) => item.message?.id === messageId)) this.target = messageId;
    });
    // It took the turn of the first page, and found nothing.
    if (this.#shown && !this.#ready && !this.loading && !this.error) await this.#first();
  }

  /** Grow down to an older message, if everything from there on is held. */
  async #lower(seq: number, turn: number): Promise<boolean> {
    if (this.#high !== Infinity) return false;
    const rows = await heldFrom(this.roomId, seq);
    if (!rows || turn !== this.#turn) return false;
    this.#take(rows);
    this.#low = Math.min(this.#low, seq);
    const before = await heldBefore(this.roomId, seq, Math.max(ROWS / 2, ROWS - rows.length));
    if (turn !== this.#turn) return false;
    this.#take(before.rows);
    this.#settle(before.rows[0]?.seq ?? seq, Infinity);
    this.hasBefore = before.more || !before.complete;
    return true;
  }

  /** What is held from there on, or around it. */
  async #held(seq: number, turn: number): Promise<boolean> {
    if (await this.#lower(seq, turn)) return true;
    const rows = await heldAround(this.roomId, seq);
    if (!rows.length || turn !== this.#turn) return false;
    this.#take(rows);
    this.hasBefore = true;
    this.#settle(rows[0]!.seq, rows.at(-1)!.seq);
    return true;
  }

  #settleOn(page: Page): void {
    this.hasBefore = page.has_before;
    this.#settle(page.messages[0]!.seq, page.has_after ? page.messages.at(-1)!.seq : Infinity);
  }

  async #page(turn: number, where?: Where): Promise<Page | null> {
    const page = await fetchPage(this.roomId, where);
    if (turn !== this.#turn) return null;
    this.#take(page.messages);
    this.#take(page.quoted);
    return page;
  }

  async #load(what: Loading, work: (turn: number) => Promise<void>): Promise<void> {
    // What is asked for last is wanted: a page that is still on its way would not join its run.
    const turn = ++this.#turn;
    this.loading = what;
    try {
      await work(turn);
      this.error = '';
    } catch (error) {
      if (turn !== this.#turn) return;
      this.error = problemOf(error).text;
      this.redraw();
    } finally {
      if (turn === this.#turn) this.loading = '';
    }
  }

  #take(messages: Message[]): void {
    for (const message of messages) {
      const held = this.#known.get(message.id);
      if (!held || held.rev < message.rev) this.#known.set(message.id, message);
    }
  }

  #settle(low: number, high: number): void {
    this.#low = low;
    this.#reach(high);
    this.#ready = true;
    this.#draw();
  }

  #reach(high: number): void {
    this.#high = high;
    this.hasAfter = high !== Infinity;
  }

  /** Rows and counter change in the same turn: the list must know that it grew at its head. */
  #prepend(low: number | undefined): void {
    if (low === undefined) return;
    this.#low = low;
    this.prepended += 1;
    this.#draw();
  }

  #giveUp(): void {
    this.#era += 1;
    this.#turn += 1;
    this.#ready = false;
    this.loading = '';
    this.#low = Infinity;
    this.#reach(Infinity);
    this.hasBefore = false;
  }

  #draw(): void {
    this.#due = false;
    this.lineKnown = !this.hasBefore || this.seen.isIn(this.#low);
    this.items = this.#rows.of({
      me: voiceIn(this.roomId, this.#known.values()),
      known: this.#known,
      low: this.#low,
      high: this.#high,
      outbox: outbox.entries.filter((entry) => entry.room === this.roomId),
      person: (id) => people.byId(id),
      nameOf,
    });
    if (this.#shown) this.#quotes.find(this.items);
  }
}
