import type { Translation } from '..';
import type { texts } from '../areas/storage';

export const storage: Translation<typeof texts> = {
  'storage.title': 'Speicher',
  'storage.lead': 'Was dieser Browser aufhebt, damit SafeVoice sofort da ist und ohne Netz geht.',
  'storage.used': '{size} in diesem Browser',
  'storage.messages': 'Nachrichten',
  'storage.app': 'Die App selbst',
  'storage.other': 'Alles andere',
  'storage.budget':
    'Nachrichten nehmen höchstens {size} ein. Wird der Platz knapp, weichen von selbst die Räume, die du am längsten nicht gelesen hast. Entwürfe und was noch zu senden ist, bleiben immer.',
  'storage.kept': 'Auf Dauer behalten',
  'storage.kept.yes': 'Der Browser räumt nichts davon von selbst weg.',
  'storage.kept.no': 'Der Browser räumt es vielleicht weg, wenn dein Gerät voll wird.',
  'storage.kept.ask': 'Behalten',
  'storage.kept.refused': 'Der Browser war nicht einverstanden. Die App zu installieren oder Mitteilungen zu erlauben, kann das ändern.',
  'storage.rooms': 'Nach Raum',
  'storage.room.count': { one: '{n} Nachricht', other: '{n} Nachrichten' },
  'storage.room.read': '{count} · {time}',
  'storage.room.never': '{count} · Noch nicht geöffnet',
  'storage.room.free': '{title} aus diesem Browser entfernen',
  'storage.room.shown': 'Er ist gerade offen.',
  'storage.none': 'Hier sind noch keine Nachrichten aufgehoben.',
  'storage.free': 'Platz schaffen',
  'storage.free.title': 'Nachrichten aus diesem Browser entfernen?',
  'storage.free.text':
    'Auf dem Server bleiben sie, wo sie sind, und kommen zurück, wenn du einen Raum öffnest. Was du noch nicht gesendet hast, bleibt hier.',
  'storage.free.offline': 'Gerade gibt es keine Verbindung. Bis es wieder eine gibt, kannst du nicht lesen, was du entfernst.',
  'storage.freed': '{size} freigegeben',
};
