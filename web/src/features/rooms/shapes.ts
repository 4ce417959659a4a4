import { t } from '../../lib/i18n/areas/rooms';
import type { Category } from './manage';
import { SPANS } from './spans';

/** What whoever makes or changes a room chooses from. */

export const KINDS = [
  { value: 'public' as const, label: t('newroom.public'), hint: t('newroom.public.hint'), icon: 'compass' as const },
  { value: 'private' as const, label: t('newroom.private'), hint: t('newroom.private.hint'), icon: 'lock' as const },
];

export const HISTORIES = [
  { value: 'all' as const, label: t('newroom.history.all') },
  { value: 'joined' as const, label: t('newroom.history.joined') },
];

export const POSTINGS = [
  { value: 'everyone' as const, label: t('newroom.posting.everyone') },
  { value: 'moderators' as const, label: t('newroom.posting.moderators') },
];

/** After how long a secret room closes itself. */
export const ENDS = SPANS.map((s) => ({
  value: String(s),
  label: s ? t('newsecret.closes.n', { n: s / 86_400 }) : t('newsecret.closes.never'),
}));

export function shelves(categories: readonly Category[]): { value: string; label: string }[] {
  return [{ value: '', label: t('newroom.category.none') }, ...categories.map(({ id, name }) => ({ value: id, label: name }))];
}
