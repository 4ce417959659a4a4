/** Rooms around the conversation: directory, making, settings, members, secret rooms. */
import { area } from '..';

export const texts = {
  'browse.title': 'Discover',
  'browse.lead': 'Public rooms that anyone here can join.',
  'browse.search': 'Search rooms',
  'browse.join': 'Join',
  'browse.joinRoom': 'Join {title}',
  'browse.joined': 'Joined',
  'browse.open': 'Open',
  'browse.openRoom': 'Open {title}',
  'browse.empty.title': 'No public rooms yet',
  'browse.empty.text': 'Make the first one. Others will find it here.',
  'browse.none.title': 'Nothing by that name',
  'browse.none.text': 'Try another word, or make that room yourself.',

  'newroom.title': 'New room',
  'newroom.name': 'Name',
  'newroom.name.hint': 'Short and clear, such as Garden or Trip to Bergen.',
  'newroom.topic': 'What it is about',
  'newroom.kind': 'Who can find it',
  'newroom.public': 'Public',
  'newroom.public.hint': 'Everyone in the community can find and join it.',
  'newroom.private': 'Private',
  'newroom.private.hint': 'Only people whom you bring in.',
  'newroom.history': 'What newcomers see',
  'newroom.history.all': 'Everything so far',
  'newroom.history.joined': 'Only from when they join',
  'newroom.submit': 'Make room',

  'newdm.title': 'Message a person',
  'newdm.search': 'Search people by name',
  'newdm.start': 'Type a name to find somebody.',
  'newdm.none': 'Nobody by that name.',

  'members.menu': 'What to do with {name}',
  'members.title': 'Members',
  'members.find': 'Find a member',
  'members.add': 'Add people',
  'members.add.short': 'Add',
  'members.add.title': 'Add people to {title}',
  'members.add.person': 'Add {name}',
  'members.added': 'Added',
  'members.remove.title': 'Remove {name} from this room?',
  'members.remove.text': 'What they wrote stays. They will no longer see the room.',
  'members.remove.confirm': 'Remove',
  'members.owner': 'Owner',
  'members.message': 'Message {name}',

  'secret.title': 'Enter a secret room',
  'secret.lead': 'With the code that somebody in it gave you.',
} as const;

export const t = area(texts);
