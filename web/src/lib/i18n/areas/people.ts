/** People: the list, their cards, blocks and nicknames. */
import { area } from '..';

export const texts = {
  'people.lead': 'Everybody in this community.',
} as const;

export const t = area(texts);
