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
import { first } from './first';

const texts = { ...first } as Texts;

export const told: Book['told'] = (entry, key) => texts[key] ?? entry;
export const refused: Book['refused'] = (_code, words) => words;
