/** Support conversations, for who asks and who answers. */
import { area } from '..';

export const texts = {
  'support.lead': 'A private conversation with the people who run this place.',
} as const;

export const t = area(texts);
