/** What to tell a person about something that was thrown. Errors of the wire carry their own words. */
import { refused, t } from './i18n';

interface Told {
  code?: unknown;
  text?: unknown;
  field?: unknown;
  retryAfterMs?: unknown;
}

export interface Problem {
  text: string;
  /** The field to blame, or ''. */
  field: string;
}

export function problemOf(thrown: unknown): Problem {
  const told = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Told;
  const words = typeof told.text === 'string' ? told.text : '';
  const said = words ? refused(String(told.code), words) : t('common.failed');
  const wait = typeof told.retryAfterMs === 'number' ? told.retryAfterMs : 0;
  return {
    text: wait > 0 ? `${said} ${waiting(wait)}` : said,
    field: typeof told.field === 'string' ? told.field : '',
  };
}

/** In the largest unit that still says enough. */
function waiting(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes <= 2) return t('error.waitSeconds', { n: Math.ceil(ms / 1000) });
  if (minutes <= 120) return t('error.waitMinutes', { n: Math.ceil(minutes) });
  if (minutes <= 2880) return t('error.waitHours', { n: Math.ceil(minutes / 60) });
  return t('error.waitDays', { n: Math.ceil(minutes / 1440) });
}
