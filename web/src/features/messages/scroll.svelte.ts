import { tick } from 'svelte';
import type { VirtualizerHandle } from 'virtua/svelte';
import type { Row } from './rows';

/** This close to the end counts as being there, in px. */
const NEAR_END = 48;
/** The list says again what it was told last whenever it has measured a row, until it had none for so long, in ms. */
const REPEATS = 200;
/** A hand that has not moved the list for so long has left it, in ms. */
const HAND = 200;

type Timer = ReturnType<typeof setTimeout>;

/** Where a timeline stands, and the ways to move in it. Knows the list, not what is in it. */
export class Scroll {
  /** Shows the newest and stays with it when more comes. */
  stuck = $state(true);
  /** Nothing is shown before the first position is right, or it would flash past. */
  placed = $state(false);
  handle = $state.raw<VirtualizerHandle>();
  #told: Timer | undefined;
  #hand: Timer | undefined;

  /** `whole`: the rows reach up to the newest message. Where they do not, their end is nothing to stay at: each page
   * that comes would lead on to the next. */
  constructor(private readonly whole: () => boolean) {}

  /** The first position is right. A draft or a line about the connection may have come in below or above. */
  begin(count: number): void {
    this.placed = true;
    if (this.stuck) this.#end(count);
    else this.moved();
  }

  /** Fingers and wheels go where they like from their first moment on; what it returns ends that. */
  feel(list: HTMLElement): () => void {
    // The list cannot be told to stop (virtua, pull request 595), and to tell it anything else would end the wheel's way.
    const write = list.scrollTo.bind(list) as (to?: ScrollToOptions) => void;
    list.scrollTo = (to?: ScrollToOptions | number) => {
      if (typeof to === 'object' && !(this.#told && this.#hand)) write(to);
    };
    const touched = (): void => this.#held();
    const kinds = ['wheel', 'touchmove'];
    for (const kind of kinds) list.addEventListener(kind, touched, { passive: true });
    return () => kinds.forEach((kind) => list.removeEventListener(kind, touched));
  }

  /** The scroll offset changed, by a person or by growth. */
  moved(): void {
    const { handle } = this;
    if (!handle || !this.placed) return;
    if (this.#hand) this.#held();
    this.stuck = this.room().below <= NEAR_END && this.whole();
  }

  /** A row or the viewport changed its size: whoever was at the end stays there. */
  resized(count: number): void {
    if (this.#told) this.#repeats();
    if (this.stuck && this.placed && !this.#hand) this.#end(count);
  }

  async toEnd(count: number): Promise<void> {
    this.stuck = true;
    await tick();
    this.#end(count);
  }

  async toRow(index: number, align: 'start' | 'center'): Promise<void> {
    this.stuck = false;
    await tick();
    this.#to(index, align === 'start' ? { align, offset: -72 } : { align });
  }

  /** What is on top, and how much of it is above, in px; null at the end. */
  top(): { index: number; offset: number } | null {
    const { handle } = this;
    if (!handle || !this.placed || this.stuck) return null;
    const at = handle.getScrollOffset();
    const index = handle.findItemIndex(at);
    return { index, offset: at - handle.getItemOffset(index) };
  }

  /** As `top` said it. */
  async toTop(index: number, offset: number): Promise<void> {
    this.stuck = false;
    await tick();
    this.#to(index, { align: 'start', offset });
  }

  /** All of it is on screen, and there is nowhere else to be. */
  rested(): void {
    const { above, below } = this.room();
    if (above + below <= 0) this.moved();
  }

  /** Up (-1) or down (1), and leaves a line to go on reading by. */
  byScreen(step: 1 | -1): void {
    const { handle } = this;
    this.#hand = undefined;
    handle?.scrollBy(step * handle.getViewportSize() * 0.9);
  }

  /** The newest message that is on screen. */
  lastSeen(rows: readonly Row[]): number {
    const { handle } = this;
    if (!handle || rows.length === 0) return 0;
    const index = handle.findItemIndex(handle.getScrollOffset() + handle.getViewportSize() - 12);
    for (let at = Math.min(index, rows.length - 1); at >= 0; at--) {
      const seq = rows[at]?.seq ?? 0;
      if (seq > 0) return seq;
    }
    return 0;
  }

  /** Which rows are on screen, by their places in the list. */
  span(): [from: number, to: number] {
    const { handle } = this;
    if (!handle) return [0, -1];
    const top = handle.getScrollOffset();
    return [handle.findItemIndex(top), handle.findItemIndex(top + handle.getViewportSize())];
  }

  /** How many px are above and below what is on screen. */
  room(): { above: number; below: number } {
    const { handle } = this;
    if (!handle) return { above: 0, below: 0 };
    const above = handle.getScrollOffset();
    return { above, below: handle.getScrollSize() - above - handle.getViewportSize() };
  }

  #end(count: number): void {
    if (count > 0) this.#to(count - 1, { align: 'end' });
  }

  #to(index: number, how: Parameters<VirtualizerHandle['scrollToIndex']>[1]): void {
    this.#hand = undefined;
    this.handle?.scrollToIndex(index, how);
    this.#repeats();
  }

  #repeats(): void {
    clearTimeout(this.#told);
    this.#told = setTimeout(() => (this.#told = undefined), REPEATS);
  }

  #held(): void {
    clearTimeout(this.#hand);
    this.#hand = setTimeout(() => (this.#hand = undefined), HAND);
  }
}
