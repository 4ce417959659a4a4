/** So long nobody was here before there is something to catch up with. */
export const AWAY_AFTER = 6 * 3_600_000;
const MUCH = 25;
const MANY_ROOMS = 5;

/** What is to be read, in so many rooms. */
export interface Amount {
  unread: number;
  rooms: number;
}

/** `left`: when somebody was here last; 0: never, as far as is known. Returns when they left, 0 if just now. */
export function awaySince(left: number, now: number): number {
  return left && now - left >= AWAY_AFTER ? left : 0;
}

/** Less than this is read as quickly in the list. */
export function isMuch({ unread, rooms }: Amount): boolean {
  return (unread >= MUCH && rooms > 1) || rooms >= MANY_ROOMS;
}
