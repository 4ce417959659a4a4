/** How long ago, how long to go: in words that need no calendar. */
import { region, t } from './i18n';
import { dateOf } from './time';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const words = new Intl.RelativeTimeFormat(region, { numeric: 'always', style: 'short' });

/** Such as "5 min. ago" or "in 3 days"; beyond a month the date. */
export function fromNow(at: number, now: number): string {
  const span = at - now;
  const long = Math.abs(span);
  if (long < MINUTE) return t('time.now');
  if (long < HOUR) return words.format(Math.trunc(span / MINUTE), 'minute');
  if (long < DAY) return words.format(Math.trunc(span / HOUR), 'hour');
  return long < 31 * DAY ? words.format(Math.trunc(span / DAY), 'day') : dateOf(at);
}

/** What a countdown shows: 0:09, 4:30, 1:04:30. A part of a second that is left counts as one. */
export function clockSpan(ms: number): string {
  const seconds = Math.ceil(Math.max(0, ms) / SECOND);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
