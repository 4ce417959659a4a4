import { region } from '../../lib/i18n';

const MINUTE = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
] as const;

/** Somebody who waits for longer has been forgotten. */
export const TOO_LONG = 24 * 60 * MINUTE;

/** Such as "12 minutes" or "3 days", in whole units; '' for less than a minute. */
export function lengthOf(ms: number): string {
  const found = UNITS.find(([, size]) => ms >= size);
  if (!found) return '';
  const [unit, size] = found;
  return new Intl.NumberFormat(region, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.floor(ms / size));
}
