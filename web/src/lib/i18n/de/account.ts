import type { Translation } from '..';
import type { texts } from '../areas/account';

export const account: Translation<typeof texts> = {
  'settings.profile': 'Profil',
  'settings.guest.join': 'Mitglied werden',
  'settings.guest.note': 'Du bist Gast in einem Raum. Als Mitglied behältst du, was du geschrieben hast, und siehst alles andere.',
  'settings.security': 'Anmeldung und Sicherheit',
  'settings.devices': 'Geräte',
  'settings.privacy': 'Privatsphäre',
  'settings.notifications': 'Mitteilungen',
  'settings.credits': 'Taler',
  'settings.access': 'Apps und Tokens',
  'settings.storage': 'Speicher',
  'settings.data': 'Deine Daten',
  'settings.signsInAs': 'Meldet sich an als {name}',
  'settings.look': 'Aussehen und Sprache',
  'settings.look.lead': 'Auf diesem Gerät.',
  'settings.theme': 'Hell oder dunkel',
  'settings.theme.system': 'System',
  'settings.theme.light': 'Hell',
  'settings.theme.dark': 'Dunkel',
  'settings.version': 'SafeVoice {version}',
  'settings.signOut': 'Abmelden',
  'settings.signOut.text': 'Alles, was dieser Browser von SafeVoice aufgehoben hat, wird gelöscht.',
  'settings.unsent.title': {
    one: '{n} Nachricht ist noch nicht gesendet',
    other: '{n} Nachrichten sind noch nicht gesendet',
  },
  'settings.unsent.text': 'Wenn du dich jetzt abmeldest, ist verloren, was noch nicht gesendet ist.',
  'settings.unsent.confirm': 'Abmelden und verlieren',
  'settings.unsent.stay': 'Angemeldet bleiben',
};
