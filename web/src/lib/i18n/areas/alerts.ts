/** Notifications, sounds and mentions. */
import { area } from '..';

export const texts = {
  'notifications.title': 'Notifications',
  'notifications.lead': 'What may ring, and what may only be counted.',
  'notifications.inside': 'While SafeVoice is open',
  'notifications.toasts': 'Show new messages',
  'notifications.toasts.hint': 'For a moment, when they come in another room than the one on screen.',
  'notifications.sounds': 'Sounds',
  'notifications.sounds.hint': 'Two soft notes; three when you are mentioned.',
  'notifications.listen': 'Listen to it',
  'notifications.rooms': 'Rooms with a rule of their own',
  'notifications.rooms.lead': 'All others call you for each new message.',
  'notifications.rooms.none': 'None yet. The rule of a room is in its menu.',
  'notifications.level.all': 'Everything',
  'notifications.level.mentions': 'Only mentions',
  'notifications.level.nothing': 'Nothing',
  'notifications.muted': 'Quiet until {time}',
  'notifications.muted.ever': 'Quiet until you change it',

  'alerts.label': 'New messages',
  'alerts.count': { one: '{n} message', other: '{n} messages' },

  'mentions.lead': 'Where somebody called you by name.',
  'mentions.list': 'Messages that mention you',
  'mentions.none.title': 'Nobody called yet',
  'mentions.none.text': 'When somebody writes @{name} in a room, or calls everybody, it stands here until you find it.',
  'mentions.more': 'Show earlier ones',
  'mentions.in': 'in {room}',
  'mentions.left': 'a room that you are not in any more',
  'mentions.new': 'New',
  'mentions.everyone': 'For everybody',
} as const;

export const t = area(texts);
