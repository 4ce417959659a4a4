import type { Translation } from '..';
import type { texts } from '../areas/credits';

export const credits: Translation<typeof texts> = {
  'credits.title': 'Taler',
  'credits.lead': 'Ein kleines Dankeschön, das man weitergibt. Kaufen kann man damit nichts.',
  'credits.balance': 'Du hast',
  'credits.list': 'Was kam und ging',
  'credits.none': 'Noch kam und ging nichts',
  'credits.none.text': 'Um jemandem zu danken, wähl im Menü einer Nachricht „Taler geben“.',
  'credits.start': 'Zum Anfang',
  'credits.granted': 'Zugeteilt von {name}',
  'credits.taken': 'Zurückgenommen von {name}',
  'credits.from': 'Von {name}',
  'credits.to': 'An {name}',
  'credits.team': 'dem Team',
  'credits.message': 'Für eine Nachricht',

  'gift.action': 'Taler geben',
  'gift.title': '{name} Taler geben',
  'gift.balance': 'Du hast {n}.',
  'gift.empty': 'Du hast gerade keine zu vergeben.',
  'gift.amount': 'Wie viele?',
  'gift.own': 'Andere',
  'gift.own.field': 'Anzahl der Taler',
  'gift.note': 'Ein paar Worte',
  'gift.submit': '{n} geben',
  'gift.give': 'Geben',
  'gift.short': 'Du hast nur {n}.',
  'gift.done': 'Du hast {name} {n} gegeben.',
  'gift.received': '{name} hat dir {n} gegeben',
  'gift.received.note': '{name} hat dir {n} gegeben: {note}',
  'gift.look': 'Zeigen',
};
