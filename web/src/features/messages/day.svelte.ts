import type { Row } from './rows';
import type { Scroll } from './scroll.svelte';

/** How far the words of a separator are from the top of its row, and the chip from the top of the list, in px. */
const SEPARATOR_TOP = 18;
const CHIP_TOP = 12;
const CHIP_HEIGHT = 30;
const RESTS_MS = 1400;

/** The day of what is on top, for the one chip that stays there while somebody scrolls. The separators between the rows
 * cannot: each row is placed for itself. */
export class TopDay {
  /** When the message on top was said; 0: its day's separator can be seen, or nobody scrolls. */
  at = $state(0);
  /** How far the next day pushes it up, in px. */
  push = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  scrolled(scroll: Scroll, rows: readonly Row[]): void {
    const { handle } = scroll;
    if (!handle || rows.length === 0) return;
    const top = handle.getScrollOffset();
    const first = handle.findItemIndex(top + CHIP_TOP);
    const row = rows[first];
    const begins = (index: number): number => handle.getItemOffset(index) + SEPARATOR_TOP - top;
    if (!row || (row.newDay && begins(first) > CHIP_TOP)) return this.hide();
    let next = first + 1;
    const last = handle.findItemIndex(top + 2 * CHIP_HEIGHT);
    while (next <= last && !rows[next]?.newDay) next++;
    this.at = row.item.at;
    this.push = next <= last ? Math.max(0, CHIP_TOP + CHIP_HEIGHT - begins(next)) : 0;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.hide(), RESTS_MS);
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.at = 0;
  }
}
