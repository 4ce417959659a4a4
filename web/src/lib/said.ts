import { t } from './i18n';

/** What a message may hold, as far as this version has to know it: a later one may say things that this one has no
 * words for. */
export interface Said {
  readonly type: string;
  readonly text?: string;
  readonly video?: boolean;
  readonly outcome?: string;
  readonly duration_ms?: number;
}

/** What was said, in words that fit on a line or more; null once it is deleted. `mine`: I said it, or I called. */
export function wordsIn(said: Said | null | undefined, mine = false): string | null {
  if (!said) return null;
  if (said.text !== undefined) return said.text;
  if (said.type === 'voice') return t('said.voice');
  return said.type === 'call' ? callIn(said, mine) : t('said.unknown');
}

/** How a call went, for whoever made it or whoever it was for. */
function callIn({ video, outcome = '' }: Said, mine: boolean): string {
  const kind = video ? 'video' : 'call';
  if (outcome === 'answered') return t(`said.${kind}`);
  if (outcome === 'failed') return t('said.failed');
  if (outcome === 'declined') return t('said.declined');
  return t(mine ? 'said.unanswered' : `said.${kind}.missed`);
}
