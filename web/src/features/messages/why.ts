import { refused, t } from '../../lib/i18n';
import type { Entry } from '../../local/schema';

/** Why it was not sent, or what it waits for, in the person's language; '' where there is nothing to tell. */
export function whyOf({ code, error }: Pick<Entry, 'code' | 'error'>): string {
  if (code === 'expired' || code === 'unanswered') return t(`message.${code}`);
  return error && refused(code, error);
}
