/** Choosing a language. */
import { area } from '..';

export const texts = {
  'language.title': 'Language',
  'language.system': 'As the system',
} as const;

export const t = area(texts);
