/** A query as it was understood, part by part, and what it is without one of them. */
import type { Understood } from '../../wire/protocol.gen';

export type { Understood } from '../../wire/protocol.gen';

/** Plain words stand in the field already; a chip says more of the others. */
export function isTold({ kind, excluded, alternative }: Understood, next?: Understood): boolean {
  return kind !== 'word' || !!excluded || !!alternative || !!next?.alternative;
}

/** The query without one of its parts. */
export function without(parts: readonly Understood[], dropped: Understood): string {
  let query = '';
  let headless = false;
  for (const part of parts) {
    if (part === dropped) {
      headless = !part.alternative;
      continue;
    }
    // Where the first of several that do as well is taken away, the next one is the first.
    const joined = part.alternative && !headless;
    if (query) query += joined ? ' OR ' : ' ';
    query += part.text;
    headless = false;
  }
  return query;
}
