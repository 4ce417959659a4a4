import type { Change } from '../../lib/marks';
import { inTone, type Emoji } from '../../lib/emojis/book';
import { emojisHere, loadEmojis } from '../../lib/emojis/load';
import { forget } from '../../local/owner';
import { emojiHabits } from '../../ui/emojiHabits.svelte';
import type { Choice, Source } from './completion.svelte';

forget.on(() => emojiHabits.forget());

const MOST = 24;
/** Two letters at least, where a word begins: no time of day, no address, no smiley of signs. */
const WRITTEN = /(?<![\p{L}\p{N}_:./\\])(:([\p{L}\p{N}+-][\p{L}\p{N}_+-]{1,40}))$/u;
const WHOLE = /(?<![\p{L}\p{N}_:./\\]):([\p{L}\p{N}_+-]{1,40}):$/u;

/** Emoji that are written as `:smile`. */
export const shortcodes: Source = {
  kind: 'emoji',
  at: (text, caret) => {
    const found = WRITTEN.exec(text.slice(Math.max(0, caret - 48), caret));
    if (!found || /^[\p{L}\p{N}_:]/u.test(text.slice(caret))) return null;
    return { from: caret - found[1]!.length, query: found[2]!.toLowerCase() };
  },
  find: (query) => {
    const found = emojisHere()?.find(query, MOST) ?? [];
    const lately = new Set(emojiHabits.recent);
    // What one takes again and again needs no more letters each time.
    return [...found.filter(({ text }) => lately.has(text)), ...found.filter(({ text }) => !lately.has(text))].map(choice);
  },
  load: loadEmojis,
  done: () => false,
  chosen: ({ key }) => emojiHabits.used(key),
};

function choice(emoji: Emoji): Choice {
  return { key: emoji.text, insert: inTone(emoji, emojiHabits.tone), label: emoji.name, hint: `:${emoji.codes[0]}:` };
}

/** A shortcode that has just been closed becomes its emoji; null where it is none, or they are not here yet. */
export function replaced(text: string, caret: number): Change | null {
  const found = WHOLE.exec(text.slice(Math.max(0, caret - 48), caret));
  const emoji = found && emojisHere()?.byCode(found[1]!);
  if (!emoji) return null;
  const shown = inTone(emoji, emojiHabits.tone);
  const from = caret - found[0].length;
  emojiHabits.used(emoji.text);
  return { from, to: caret, text: shown, start: from + shown.length, end: from + shown.length };
}

/** Somebody may be writing one. */
export const begun = (text: string, caret: number): boolean => text.slice(Math.max(0, caret - 48), caret).includes(':');
