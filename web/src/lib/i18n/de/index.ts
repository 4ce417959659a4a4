/**
 * Deutsch: du, warm, kurz. Anführungen „…“, Gedankenstrich – mit Leerzeichen, Auslassung …, Apostroph ’.
 *
 * room Raum · direct message Direktnachricht · group Gruppe · conversation Unterhaltung · mention Erwähnung ·
 * invitation Einladung · guest Gast · member Mitglied · people Leute · moderator (die) Moderation · owner (die)
 * Leitung · admin Admin · staff, team Team · newcomer Neue · credits Taler · report Meldung · block blockieren ·
 * mute stummschalten · ban (from a room) verbannen · suspend (an account) sperren · audit log Protokoll ·
 * dismiss verwerfen · withdraw, revoke zurückziehen (what was handed out), abmelden (devices) · draft Entwurf ·
 * notifications Mitteilungen · nickname Spitzname · slow mode Langsam-Modus · sign in/out anmelden/abmelden ·
 * account Konto · password Passwort · two-step Zwei Schritte · recovery code Ersatzcode · token (das) Token ·
 * picture Bild · settings Einstellungen · discover Entdecken · secret room geheimer Raum
 *
 * Nobody is named by a gender: the role instead of the person („die Moderation“), the plural, or „wer …“.
 */
import type { Book, Texts } from '..';
import { access } from './access';
import { account } from './account';
import { admin } from './admin';
import { alerts } from './alerts';
import { audit } from './audit';
import { calls } from './calls';
import { catchup } from './catchup';
import { credits } from './credits';
import { first } from './first';
import { guests } from './guests';
import { house } from './house';
import { invites } from './invites';
import { joining } from './joining';
import { language } from './language';
import { messages } from './messages';
import { moderation } from './moderation';
import { outbox } from './outbox';
import { people } from './people';
import { picture } from './picture';
import { problemIn, problems } from './problems';
import { profile } from './profile';
import { relay } from './relay';
import { report } from './report';
import { rooms } from './rooms';
import { search } from './search';
import { security } from './security';
import { storage } from './storage';
import { support } from './support';
import { switcher } from './switcher';
import { voice } from './voice';
import { welcome } from './welcome';
import { writing } from './writing';

export const texts = {
  ...first,
  ...access,
  ...account,
  ...admin,
  ...alerts,
  ...audit,
  ...calls,
  ...catchup,
  ...credits,
  ...guests,
  ...house,
  ...invites,
  ...joining,
  ...language,
  ...messages,
  ...moderation,
  ...outbox,
  ...people,
  ...picture,
  ...profile,
  ...relay,
  ...report,
  ...rooms,
  ...search,
  ...security,
  ...storage,
  ...support,
  ...voice,
  ...welcome,
  ...switcher,
  ...writing,
} as Texts;

export const told: Book['told'] = (entry, key) => texts[key] ?? entry;
export const refused: Book['refused'] = (code, words) => problems[words] ?? problemIn(words) ?? problems[code] ?? words;
