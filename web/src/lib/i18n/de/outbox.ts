import type { Translation } from '..';
import type { texts } from '../areas/outbox';

export const outbox: Translation<typeof texts> = {
  'outbox.title': 'Unterwegs',
  'outbox.lead': 'Es geht von selbst hinaus, in dieser Reihenfolge, sobald es kann.',
  'outbox.empty': 'Alles ist hinausgegangen',
  'outbox.empty.text': 'Was du ohne Verbindung schreibst, wartet hier, bis es eine gibt.',
  'outbox.of': 'Unterwegs nach {title}',
  'outbox.kind.post': 'Nachricht',
  'outbox.kind.edit': 'Änderung einer Nachricht',
  'outbox.kind.delete': 'Löschen einer Nachricht',
  'outbox.state.waiting': 'Wartet seit {time}',
  'outbox.state.sending': 'Wird gesendet',
  'outbox.state.after': 'Geht nach der Nachricht hinaus, zu der es gehört',
  'outbox.state.failed': 'Nicht gesendet',
  'outbox.state.sent': 'Es ist inzwischen hinausgegangen. Deine neuen Worte folgen als Änderung.',
  'outbox.perhaps': 'Es wurde schon einmal versucht und ist vielleicht angekommen.',
  'outbox.perhaps.edit': 'Vielleicht ist es schon angekommen; deine neuen Worte folgen dann als Änderung.',
  'outbox.gone': 'Eine frühere Nachricht',
  'outbox.show': 'In der Unterhaltung zeigen',
  'outbox.edit.label': 'Neue Worte',
  'outbox.retryAll': 'Alle erneut versuchen',
  'outbox.discarded': 'Verworfen',
  'outbox.discarded.perhaps': 'Hier verworfen. Vielleicht ist es schon angekommen.',
  'outbox.takenBack': 'Sie wird gelöscht, sobald sie angekommen ist.',
};
