import { oneLine, parseMarkdown } from '../../lib/markdown';
import { markCalled, type CalledBy } from '../../lib/mentions';
import { actingFor } from '../../local/db';
import type { Message } from '../../wire/protocol.gen';
import { nameOf, people } from '../people/people.svelte';
import { calledIn } from './items';

/** More letters than a few lines can show. */
const LENGTH = 300;

/** The beginning of a text on one line, without marks, with the names of those who are called in it. */
export function preview(text: string, called: CalledBy): string {
  return oneLine(markCalled(parseMarkdown(text.slice(0, LENGTH)), called));
}

/** Reactive. Who is called in `text`, which is or was said in this message. */
export function calledBy(text: string, { mentions, everyone }: Pick<Message, 'mentions' | 'everyone'>): CalledBy {
  return calledIn({ me: actingFor(), person: (id) => people.byId(id), nameOf }, text, mentions, everyone);
}
