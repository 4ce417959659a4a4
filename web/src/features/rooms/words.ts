import { t } from '../../lib/i18n/areas/rooms';
import { problemOf } from '../../lib/problem';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Why one could not come in, told to oneself. */
export function refusalOf(thrown: unknown): string {
  const { code } = thrown as { code?: unknown };
  return code === 'banned' ? t('browse.banned') : problemOf(thrown).text;
}

/** A span of time as one chooses it; 0: no end. */
export function spanInWords(seconds: number): string {
  if (!seconds) return t('lasts.ever');
  if (seconds < MINUTE) return t('lasts.seconds', { n: seconds });
  if (seconds < HOUR) return t('lasts.minutes', { n: seconds / MINUTE });
  return seconds < DAY ? t('lasts.hours', { n: seconds / HOUR }) : t('lasts.days', { n: seconds / DAY });
}
