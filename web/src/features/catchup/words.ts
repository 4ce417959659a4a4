import { t } from '../../lib/i18n/areas/catchup';
import { region } from '../../lib/i18n';
import { dateOf } from '../../lib/time';
import type { Amount } from './absence';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const weekday = new Intl.DateTimeFormat(region, { weekday: 'long' });

/** Such as "You were away since Tuesday". */
export function awayInWords(since: number, now: number): string {
  const span = now - since;
  if (span < DAY) return t('catchup.away.hours', { n: Math.floor(span / HOUR) });
  return t('catchup.away.since', { day: span < 6 * DAY ? weekday.format(since) : dateOf(since) });
}

/** Such as "41 messages in 7 rooms". */
export function amountInWords({ unread, rooms }: Amount): string {
  return t('catchup.amount', { messages: t('catchup.messages', { n: unread }), rooms: t('catchup.rooms', { n: rooms }) });
}
