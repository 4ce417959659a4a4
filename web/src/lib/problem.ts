/** What to tell a person about something that was thrown. Errors of the wire carry their own text. */
import { t } from './i18n';

interface Told {
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
  const said = typeof told.text === 'string' && told.text !== '' ? told.text : t('common.failed');
  const wait = typeof told.retryAfterMs === 'number' ? Math.ceil(told.retryAfterMs / 1000) : 0;
  return {
    text: wait > 0 ? `${said} ${t('error.waitSeconds', { n: wait })}` : said,
    field: typeof told.field === 'string' ? told.field : '',
  };
}
