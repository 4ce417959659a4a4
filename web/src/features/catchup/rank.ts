/** What decides where a room's card stands. */
export interface Standing {
  room: string;
  direct: boolean;
  unread: number;
  mentions: number;
  lastAt: number;
  /** How many messages were found to be for me. */
  found: number;
}

/** 0 named, 1 answered, 2 written to, 3 the rest. */
export function shelfOf({ mentions, found, direct }: Standing): number {
  if (direct) return 2;
  if (mentions) return 0;
  return found ? 1 : 3;
}

export function isForMe(card: Standing): boolean {
  return shelfOf(card) < 3;
}

/** What is for me by how lately it was said, rooms by how much was said there. */
export function compare(a: Standing, b: Standing): number {
  const shelves = shelfOf(a) - shelfOf(b);
  if (shelves) return shelves;
  return (isForMe(a) ? 0 : b.unread - a.unread) || b.lastAt - a.lastAt || (a.room < b.room ? -1 : 1);
}

/** `first`: stands among those for me. */
export type Placed<T> = T & { first: boolean };

/** In order, but for the first `fixed`: those were seen where they are, and nothing moves under a finger. */
export function arranged<T extends Standing>(cards: readonly T[], fixed: readonly Placed<T>[] = []): Placed<T>[] {
  const open = fixed.every(({ first }) => first);
  const rest = cards.toSorted(compare).map((card) => ({ ...card, first: open && isForMe(card) }));
  return [...fixed, ...rest];
}
