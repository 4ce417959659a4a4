/** What this browser keeps. */
import { area } from '..';

export const texts = {
  'storage.title': 'Storage',
  'storage.lead': 'What this browser keeps, so that SafeVoice opens at once and works without a network.',
  'storage.used': '{size} in this browser',
  'storage.messages': 'Messages',
  'storage.app': 'The app itself',
  'storage.other': 'Everything else',
  'storage.budget':
    'Messages take {size} at most. When there is no room left, rooms that you have not read for longest make place by themselves. Drafts and what is still to be sent always stay.',
  'storage.kept': 'Kept for good',
  'storage.kept.yes': 'The browser clears nothing of it by itself.',
  'storage.kept.no': 'The browser may clear it when your device runs full.',
  'storage.kept.ask': 'Keep it',
  'storage.kept.refused': 'The browser did not agree. Installing the app, or allowing notifications, may change that.',
  'storage.rooms': 'By room',
  'storage.room.count': { one: '{n} message', other: '{n} messages' },
  'storage.room.read': '{count} · {time}',
  'storage.room.never': '{count} · Not opened yet',
  'storage.room.free': 'Remove {title} from this browser',
  'storage.room.shown': 'It is open right now.',
  'storage.none': 'No messages are kept here yet.',
  'storage.free': 'Free space',
  'storage.free.title': 'Remove messages from this browser?',
  'storage.free.text': 'They stay where they are on the server and come back when you open a room. What you have not sent stays here.',
  'storage.free.offline': 'There is no connection right now. Until there is one again, you cannot read what you remove.',
  'storage.freed': '{size} freed',
} as const;

export const t = area(texts);
