import { composerOf } from './composer.svelte';
import type { Item } from './timeline.svelte';

/** Answer with some of its words above one's own. */
export function quote(room: string, item: Item, words: string): void {
  const composer = composerOf(room);
  composer.startReply(item);
  const lines = words.trim().split('\n').map((line) => (line ? `> ${line}` : '>'));
  composer.text += `${composer.text === '' || composer.text.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n\n`;
  composer.wanted += 1;
  composer.input();
}
