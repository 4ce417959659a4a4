/** A query as it was understood, part by part, and what it is without one of them. */
import type { Understood } from '../../wire/protocol.gen';

export type { Understood } from '../../wire/protocol.gen';

/** Plain words stand in the field already; a chip says more of the others. */
export function isTold({ kind, excluded, alternative }: Understood, next?: Understood): boolean {
  return kind !== 'word' || !!excluded || !!alternative || !!next?.alternative;
}

/** The query without one of its parts. */
export function without(parts: readonly Understood[], dropped: Understood): string {
  return written(parts, (part) => part !== dropped);
}

/** The query without its filters and without what it leaves out; '' where it has none of both, or nothing else. */
export function wordsOf(parts: readonly Understood[]): string {
  const isWord = ({ kind, excluded }: Understood): boolean => (kind === 'word' || kind === 'phrase') && !excluded;
  return parts.every(isWord) ? '' : written(parts, isWord);
}

function written(parts: readonly Understood[], kept: (part: Understood) => boolean): string {
  let query = '';
  let first = true;
  for (const part of parts) {
    // Where the first of several that do as well is taken away, the next one is the first.
    first ||= !part.alternative;
    if (!kept(part)) continue;
    if (query) query += first ? ' ' : ' OR ';
    query += part.text;
    first = false;
  }
  return query;
}
