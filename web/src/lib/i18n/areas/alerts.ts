/** Notifications, sounds and mentions. */
import { area } from '..';

export const texts = {
  'notifications.title': 'Notifications',
  'notifications.lead': 'What may ring, and what may only be counted.',
  'mentions.lead': 'Where somebody called you by name.',
} as const;

export const t = area(texts);
