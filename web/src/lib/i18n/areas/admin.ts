/** The admin pages. */
import { area } from '..';

export const texts = {
  'admin.members': 'Members',
  'admin.rooms': 'Rooms',
  'admin.invites': 'Invitations',
  'admin.reports': 'Reports',
  'admin.audit': 'Audit',
  'admin.settings': 'Settings',
  'admin.figures': 'Figures',
  'admin.group.people': 'People',
  'admin.group.order': 'Order',
  'admin.group.house': 'The house',
  'admin.members.lead': 'Everybody who has an account here.',
  'admin.rooms.lead': 'Every room, whoever made it.',
  'admin.settings.lead': 'What is fixed in the configuration file is shown locked.',
  'admin.figures.lead': 'How the server is doing, live.',
  'admin.closed.title': 'This is for the staff',
  'admin.closed.text': 'Only people who run this community can open it.',
} as const;

export const t = area(texts);
