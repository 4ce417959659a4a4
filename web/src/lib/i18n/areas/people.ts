/** People: the list, their cards, blocks and nicknames. */
import { area } from '..';

export const texts = {
  'people.lead': 'Everybody in this community.',
  'people.search': 'Find somebody',
  'people.met': 'The server is out of reach. These are the people whom this device has met.',
  'people.none': 'Nobody of that name',
  'people.none.text': 'Try fewer letters, or the name that they sign in with.',
  'people.alone': 'Only you so far',
  'people.alone.text': 'Everybody who joins stands here, to look up and to write to.',
  'people.guests': 'Only for members',
  'people.guests.text': 'As a guest you see the people of your room.',
  'people.message': 'Message {name}',
  'people.blocked': 'Blocked',

  'card.you': 'This is you',
  'card.edit': 'Edit profile',
  'card.message': 'Message',
  'card.nickname': 'Nickname',
  'card.role.admin': 'Admin',
  'card.role.moderator': 'Moderator',
  'card.role.guest': 'Guest',
  'card.until': 'until {time}',
  'card.since': 'Here since {date}',
  'card.shared': 'Rooms you share',
  'card.more': 'More about {name}',
  'card.block': 'Block {name}',
  'card.unblock': 'Unblock',
  'card.block.title': 'Block {name}?',
  'card.block.text':
    'They cannot open a direct message with you, and what they write in your rooms is folded away. They are not told.',
  'card.block.confirm': 'Block',
  'card.blocked': 'You blocked {name}. What they write is folded away.',
  'card.report': 'Report {name}',
  'card.manage': 'Manage account',
  'card.gone': 'Deleted person',
  'card.gone.text': 'This person deleted their account.',
  'card.unknown': 'Nobody you can see',
  'card.unknown.text': 'They left, or you share no room with them.',

  'nickname.title': 'A name of your own for {name}',
  'nickname.field': 'Nickname',
  'nickname.hint': 'Only you see it, on all your devices.',
  'nickname.clear': 'Remove',
} as const;

export const t = area(texts);
