/** Reports, bans, mutes and their queue. */
import { area } from '..';

export const texts = {
  'moderation.reports': 'Reports',
  'moderation.reports.lead': 'What members want you to look at.',
  'moderation.audit': 'Audit',
  'moderation.audit.lead': 'Who did what. Nothing here can be changed.',
} as const;

export const t = area(texts);
