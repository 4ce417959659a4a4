import type { Translation } from '..';
import type { texts } from '../areas/report';

export const report: Translation<typeof texts> = {
  'report.action': 'Melden',
  'report.action.person': '{name} melden',

  'report.title.message': 'Diese Nachricht melden',
  'report.title.person': '{name} melden',
  'report.lead': 'Nur wer sich um diese Gemeinschaft kümmert, sieht es. {name} erfährt nichts davon.',
  'report.why': 'Was stimmt nicht?',
  'report.reason.spam': 'Spam oder Betrug',
  'report.reason.abuse': 'Beleidigung oder Belästigung',
  'report.reason.violence': 'Drohung oder Gewalt',
  'report.reason.sexual': 'Sexuelle Inhalte',
  'report.reason.illegal': 'Gegen das Gesetz',
  'report.reason.other': 'Etwas anderes',
  'report.note': 'Was beim Verstehen hilft',
  'report.send': 'Melden',
  'report.thanks': 'Danke',
  'report.thanks.text': 'Die Moderation hat es bekommen und sieht es sich an.',
  'report.close': 'Fertig',
};
