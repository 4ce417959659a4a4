/** Credits: balance, gifts, the ledger. */
import { area } from '..';

export const texts = {
  'credits.title': 'Credits',
} as const;

export const t = area(texts);
