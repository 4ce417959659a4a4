import { fence, unbroken } from '../../lib/marks';
import { isCode, markdownOf } from '../../lib/rich';
import type { Copied } from './pen.svelte';

/** What was copied, as it is written in a message between what stands before and after. */
export function asMarkdown({ text, html, code }: Copied, before: string, after: string): string {
  const words = unbroken(text);
  if (code || isCode(html)) return words.includes('\n') ? apart(fence(words), before, after) : text;
  const marked = html ? markdownOf(html) : null;
  if (marked === null) return text;
  return /^(?:[->]|\d+\.|`{3}) ?/.test(marked) || marked.includes('\n\n') ? apart(marked, before, after) : marked;
}

/** On lines of its own. */
function apart(block: string, before: string, after: string): string {
  const above = before === '' || before.endsWith('\n') ? '' : '\n';
  return above + block + (after === '' || after.startsWith('\n') ? '' : '\n');
}
