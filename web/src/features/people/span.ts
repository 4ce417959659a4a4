/** When a status ends. */
export const ENDS = ['never', 'half', 'hour', 'four', 'day', 'week'] as const;
export type Ends = (typeof ENDS)[number];

const MINUTE = 60_000;

/** In ms since the epoch; 0: when it is changed. */
export function endOf(ends: Ends, now: number): number {
  if (ends === 'never') return 0;
  if (ends === 'half') return now + 30 * MINUTE;
  if (ends === 'hour') return now + 60 * MINUTE;
  if (ends === 'four') return now + 240 * MINUTE;
  const midnight = new Date(now);
  // Sunday is the last day of the week, and the midnight after it its end.
  const days = ends === 'day' ? 1 : 8 - (midnight.getDay() || 7);
  midnight.setDate(midnight.getDate() + days);
  return midnight.setHours(0, 0, 0, 0);
}
