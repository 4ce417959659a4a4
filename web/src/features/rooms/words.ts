import { t } from '../../lib/i18n/areas/rooms';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time as one chooses it; 0: no end. */
export function spanInWords(seconds: number): string {
  if (!seconds) return t('lasts.ever');
  if (seconds < MINUTE) return t('lasts.seconds', { n: seconds });
  if (seconds < HOUR) return t('lasts.minutes', { n: seconds / MINUTE });
  return seconds < DAY ? t('lasts.hours', { n: seconds / HOUR }) : t('lasts.days', { n: seconds / DAY });
}
