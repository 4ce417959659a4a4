import { t } from '../../lib/i18n/areas/rooms';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time as one chooses it; 0: no end. */
export function spanInWords(seconds: number): string {
  if (!seconds) return t('span.ever');
  if (seconds < MINUTE) return t('span.seconds', { n: seconds });
  if (seconds < HOUR) return t('span.minutes', { n: seconds / MINUTE });
  return seconds < DAY ? t('span.hours', { n: seconds / HOUR }) : t('span.days', { n: seconds / DAY });
}
