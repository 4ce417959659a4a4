import type { Translation } from '..';
import type { texts } from '../areas/language';

export const language: Translation<typeof texts> = {
  'language.title': 'Sprache',
  'language.system': 'Wie das System',
};
