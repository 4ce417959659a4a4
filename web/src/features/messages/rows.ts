/** How messages stand together: who begins a group, where a day begins, where the unread ones begin. */
import { t } from '../../lib/i18n';
import { dayOf } from '../../lib/time';
import { MOST_UNREAD } from '../../local/rooms';
import type { Item } from './timeline.svelte';

/** Messages of one person further apart than this begin a new group, in ms. */
export const GROUP_GAP = 5 * 60_000;

export interface Row {
  item: Item;
  /** The last place in the log that it shows; 0 for what is on its way. */
  seq: number;
  newDay: boolean;
  /** The line above the first unread message stands here. */
  newLine: boolean;
  first: boolean;
  last: boolean;
  /** Enough time has passed since anybody spoke to say when this was. */
  stamp: boolean;
  /** Messages in a row that are folded away behind this one line; else empty. */
  folded: readonly Item[];
}

/** `lineKnown`: the first unread message, if there is one, is among `items`. `hidden`: it is not to be seen unless one
 * asks for it. */
export function rowsOf(
  items: readonly Item[],
  firstUnreadSeq: number,
  lineKnown = true,
  hidden: (item: Item) => boolean = () => false,
): Row[] {
  const unread = (item: Item): boolean => item.seq >= firstUnreadSeq && !item.mine && !item.message?.quiet && !hidden(item);
  const lineAt = firstUnreadSeq > 0 ? items.findIndex(unread) : -1;
  const rows: Row[] = [];
  let before: Row | undefined;
  for (const [index, item] of items.entries()) {
    const newDay = !before || dayOf(item.at) !== dayOf(before.item.at);
    const fold = hidden(item);
    if (fold && before?.folded.length && !newDay) {
      before.folded = [...before.folded, item];
      before.seq = item.seq;
      continue;
    }
    const newLine = lineKnown && index === lineAt;
    const first = newDay || newLine || fold || !before || before.folded.length > 0 || !together(before.item, item);
    if (before) before.last = first;
    const stamp = newDay || newLine || !before || item.at - before.item.at >= GROUP_GAP;
    before = { item, seq: item.seq, newDay, newLine, first, last: true, stamp, folded: fold ? [item] : [] };
    rows.push(before);
  }
  return rows;
}

/** Whether the oldest of a page begins its group and its day shows with what was said before it. Until that has come it
 * stays out: it would else grow smaller under the eyes of whoever looks at it. Not so what one was led to. */
export function withoutUncertain(rows: Row[], target: string): Row[] {
  const [oldest, ...others] = rows;
  const wanted = !oldest || oldest.newLine || (target !== '' && oldest.item.message?.id === target);
  return wanted || others.length === 0 ? rows : others;
}

export function countText(n: number): string {
  return n < MOST_UNREAD ? t('timeline.jump.count', { n }) : t('timeline.jump.many', { n: MOST_UNREAD });
}

function together(before: Item, item: Item): boolean {
  return before.author.id === item.author.id && Math.abs(item.at - before.at) < GROUP_GAP;
}

/** Too long to stand in a conversation at its full height. */
export function isLong(text: string): boolean {
  return text.length > 2500 || text.split('\n', 31).length > 30;
}

/** One to three emoji and nothing else: they may be large. */
export function isJumbo(text: string): boolean {
  return (
    text.length <= 40 &&
    /^(?:\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}]*(?:\u{200D}\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}]*)*\s*){1,3}$/u.test(
      text,
    )
  );
}
