import type { Translation } from '..';
import type { texts } from '../areas/alerts';

export const alerts: Translation<typeof texts> = {
  'notifications.title': 'Mitteilungen',
  'notifications.lead': 'Was klingen darf und was nur gezählt wird.',
  'notifications.inside': 'Solange SafeVoice offen ist',
  'notifications.toasts': 'Neue Nachrichten zeigen',
  'notifications.toasts.hint': 'Für einen Moment, wenn sie in einem anderen Raum ankommen.',
  'notifications.sounds': 'Töne',
  'notifications.sounds.hint': 'Zwei leise Töne, drei bei einer Erwähnung.',
  'notifications.listen': 'Anhören',
  'notifications.rooms': 'Räume mit eigener Regel',
  'notifications.rooms.lead': 'Alle anderen melden sich bei jeder neuen Nachricht.',
  'notifications.rooms.none': 'Noch keine. Die Regel eines Raums steht in seinem Menü.',
  'notifications.level.all': 'Alles',
  'notifications.level.mentions': 'Nur Erwähnungen',
  'notifications.level.nothing': 'Nichts',
  'notifications.muted': 'Still bis {time}',
  'notifications.muted.ever': 'Still, bis du es änderst',

  'alerts.label': 'Neue Nachrichten',
  'alerts.count': { one: '{n} Nachricht', other: '{n} Nachrichten' },

  'mentions.lead': 'Wo dich jemand beim Namen gerufen hat.',
  'mentions.list': 'Nachrichten, die dich erwähnen',
  'mentions.none.title': 'Noch hat niemand gerufen',
  'mentions.none.text': 'Wenn jemand in einem Raum @{name} schreibt oder alle ruft, steht es hier.',
  'mentions.more': 'Frühere zeigen',
  'mentions.in': 'in {room}',
  'mentions.left': 'einem Raum, in dem du nicht mehr bist',
  'mentions.new': 'Neu',
  'mentions.everyone': 'An alle',
};
