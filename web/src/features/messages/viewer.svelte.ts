import { tick, untrack } from 'svelte';
import { firstSight } from '../../lib/sight';
import { TopDay } from './day.svelte';
import type { Row } from './rows';
import type { Scroll } from './scroll.svelte';
import { stand, standIn, type Stand } from './stands';
import type { Timeline } from './timeline.svelte';

const FLASH_MS = 1700;

/** Somebody who looks at a timeline: where they begin, what they follow, what they have seen. */
export class Viewer {
  /** The key of a row to be pointed at. */
  flash = $state('');
  /** The line above the unread ones has not been on screen since they came. */
  lineAhead = $state(false);
  scroller = $state<HTMLElement>();
  /** The message that they were led to last: were it held back again, another one would stand in its place. */
  led = $state('');

  // Pages may still arrive after the room has been left.
  #alive = true;
  #lastKey = '';
  /** They came for one message, and are not to be led elsewhere. */
  #sent = false;
  /** Where they stopped reading last time, until they are there again. */
  #stand: Stand | undefined;
  readonly day = new TopDay();

  constructor(
    private readonly timeline: Timeline,
    private readonly scroll: Scroll,
    private readonly rows: () => readonly Row[],
  ) {}

  async begin(message: string): Promise<void> {
    this.#sent = message !== '';
    await this.timeline.open();
    if (!this.#alive) return;
    if (!message) {
      const { seen, roomId } = this.timeline;
      // What is new goes before what was not finished.
      this.#stand = seen.firstUnread ? undefined : standIn(roomId);
      if (!this.#stand) return this.place();
      await this.timeline.jumpTo(this.#stand.id);
      // It may be gone, or not be had without a connection.
      if (this.#alive && this.#stand && !this.timeline.target) await this.place();
      return;
    }
    this.lineAhead = this.timeline.seen.firstUnread > 0;
    await this.timeline.jumpTo(message);
  }

  /** More is unread than there seemed to be: whoever is at the end is led to its beginning, others are told. */
  async foundMore(): Promise<void> {
    this.lineAhead = this.timeline.seen.firstUnread > 0;
    if (this.#sent || !this.scroll.placed || !this.scroll.stuck) return;
    await tick();
    if (this.rows().some((row) => row.newLine)) await this.place();
    else await this.timeline.jumpToUnread();
  }

  /** To be found here again. */
  rememberPlace(): void {
    const rows = this.rows();
    const top = this.scroll.top();
    if (!this.scroll.placed) return;
    const from = top ? rows.findIndex((row, index) => index >= top.index && row.item.message) : -1;
    const id = rows[from]?.item.message?.id;
    const offset = top && from === top.index ? top.offset : 0;
    stand(this.timeline.roomId, id ? { id, offset } : null);
  }

  end(): void {
    this.rememberPlace();
    this.day.hide();
    this.#alive = false;
    this.timeline.close();
  }

  /** The first sight of a room: at the first unread message if there is one, else at the newest. */
  async place(): Promise<void> {
    const { scroll } = this;
    await tick();
    if (!this.#alive) return;
    const line = this.rows().findIndex((row) => row.newLine);
    this.lineAhead = line < 0 && this.timeline.seen.firstUnread > 0;
    if (line >= 0) await scroll.toRow(line, 'start');
    else await scroll.toEnd(this.rows().length);
    requestAnimationFrame(() => {
      if (!this.#alive) return;
      scroll.begin(this.rows().length);
      void firstSight.then(() => this.fill());
      this.looked();
    });
  }

  /** A jump has brought it on screen. */
  async showTarget(id: string): Promise<void> {
    await tick();
    const index = this.#alive ? this.#find(id) : -1;
    const row = this.rows()[index];
    const stood = this.#stand?.id === id ? this.#stand : undefined;
    this.#stand = undefined;
    if (!row) return;
    this.led = id;
    this.timeline.target = '';
    if (stood) return this.#standAgain(stood);
    // The line stands above its row, and belongs to what one wants to see.
    await this.scroll.toRow(index, row.newLine ? 'start' : 'center');
    this.scroll.placed = true;
    requestAnimationFrame(() => {
      this.scroll.rested();
      this.looked();
    });
    if (row.newLine) return;
    this.flash = row.item.key;
    setTimeout(() => (this.flash = ''), FLASH_MS);
  }

  /** What I send, and what comes while I am at the end, is followed. */
  follow(): void {
    const rows = this.rows();
    const last = rows.at(-1);
    const isNew = last?.item.key !== this.#lastKey;
    const mineIsNew = isNew && last?.item.mine && last.item.state === 'pending';
    this.#lastKey = last?.item.key ?? '';
    if (!this.scroll.placed) return;
    if (this.scroll.stuck) untrack(() => this.timeline.lighten());
    // Whatever else changes leaves the list alone: it repeats for a while what it was told, and would take a finger that
    // begins to scroll back to where it came from.
    if (this.scroll.stuck && !isNew) return void tick().then(() => this.looked());
    if (mineIsNew) void this.scroll.toEnd(rows.length).then(() => this.looked());
    else if (this.scroll.stuck) void tick().then(() => (this.scroll.resized(rows.length), this.looked()));
  }

  /** From here on it is new to them: they come back to the page, or read further up. */
  expectNew(): void {
    this.timeline.noteUnread();
  }

  /** What is on screen now has been seen. */
  looked(): void {
    if (!this.#alive || !this.scroll.placed) return;
    this.#findLine();
    const seq = this.scroll.lastSeen(this.rows());
    if (seq > 0 && document.visibilityState === 'visible') this.timeline.seen.see(seq);
  }

  /** Fetches ahead of the finger, so that one rarely sees an end that is not one. */
  fill(): void {
    const { timeline, scroll } = this;
    if (!this.#alive || !this.scroller || !scroll.placed || timeline.loading || timeline.error) return;
    const { above, below } = scroll.room();
    const ahead = Math.max(900, this.scroller.clientHeight * 1.5);
    if (above < ahead && timeline.hasBefore) void timeline.loadBefore().then(() => this.fill());
    else if (below < ahead && timeline.hasAfter) void timeline.loadAfter().then(() => this.fill());
  }

  #find(id: string): number {
    return this.rows().findIndex((row) => row.item.message?.id === id);
  }

  async #standAgain({ id, offset }: Stand): Promise<void> {
    // The oldest that is held shows a day and an author, which it may lose to what comes before it.
    if (this.#find(id) === 0 && this.timeline.hasBefore) await this.timeline.loadBefore();
    await tick();
    const index = this.#alive ? this.#find(id) : -1;
    if (index < 0) return;
    await this.scroll.toTop(index, offset);
    requestAnimationFrame(() => {
      if (!this.#alive) return;
      this.scroll.placed = true;
      this.scroll.moved();
      void firstSight.then(() => this.fill());
      this.looked();
    });
  }

  scrolled(): void {
    this.scroll.moved();
    if (this.scroll.placed && !this.scroll.stuck) this.day.scrolled(this.scroll, this.rows());
    else this.day.hide();
    this.fill();
    this.looked();
  }

  async toNewest(): Promise<void> {
    const { timeline } = this;
    if (timeline.hasAfter) await timeline.toNewest();
    await this.scroll.toEnd(this.rows().length);
    this.looked();
  }

  /** Once the line has been on screen nobody has to be led there. */
  #findLine(): void {
    untrack(() => {
      const at = this.lineAhead ? this.rows().findIndex((row) => row.newLine) : -1;
      const [from, to] = this.scroll.span();
      if (at >= from && at <= to) this.lineAhead = false;
    });
  }
}
