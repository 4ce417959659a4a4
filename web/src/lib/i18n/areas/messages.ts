/** Around messages: who read them, names to mention. */
import { area } from '..';

export const texts = {
  'readby.title': 'Who has read it',
  'readby.read': 'Read',
  'readby.delivered': 'Delivered',
  'readby.waiting': 'Not there yet',
  'readby.count': 'Read by {n} of {of}',
  'readby.large': 'In a room this large, reading is counted and nobody is named.',
  'readby.nobody': 'Nobody here shows what they have read.',
  'readby.off': 'You do not show what you have read, so you do not see what others have.',
  'readby.off.change': 'Change that in Privacy',
  'readby.guest': 'Guest',
} as const;

export const t = area(texts);
