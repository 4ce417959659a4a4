/** What the server refuses, by its stable code, and by its own words where it says more than the code does. */
export const problems: Readonly<Record<string, string>> = {
  offline: 'Der Server ist gerade nicht zu erreichen.',
  timeout: 'Der Server hat zu lange nicht geantwortet.',

  bad_request: 'Diese Anfrage ist nicht richtig aufgebaut.',
  unknown_op: 'Diesen Befehl kennt der Server nicht.',
  not_found: 'Hier ist nichts, oder du bist nicht darin.',
  forbidden: 'Das darfst du nicht.',
  too_large: 'Das ist größer, als der Server annimmt.',
  rate_limited: 'Das war zu schnell. Bitte warte einen Moment.',
  conflict: 'Das wurde schon mit anderem Inhalt gesendet.',
  too_many: 'Mehr davon kann es nicht geben.',
  origin_refused: 'Diese Anfrage kam von einer anderen Seite.',

  signed_out: 'Bitte melde dich an.',
  wrong_credentials: 'Name oder Passwort stimmt nicht.',
  second_step_needed: 'Jetzt noch den Code deiner Authenticator-App, bitte.',
  code_wrong: 'Dieser Code stimmt nicht oder wurde schon benutzt.',
  suspended: 'Dieses Konto ist gesperrt.',
  passkey_refused: 'Dieser Passkey wurde nicht angenommen.',
  challenge_over: 'Das hat zu lange gedauert. Bitte versuch es noch einmal.',
  confirm_needed: 'Bitte zeig noch einmal, dass du es bist.',
  last_way_in: 'Ohne das könntest du dich nicht mehr anmelden. Füg erst einen anderen Weg hinzu.',
  password_missing: 'Setz erst ein Passwort.',
  reset_invalid: 'Dieser Link wurde schon benutzt oder ist abgelaufen.',
  link_invalid: 'Dieser Code stimmt nicht, wurde schon benutzt oder ist abgelaufen.',
  link_refused: 'Das andere Gerät hat dieses nicht hereingelassen.',
  provider_down: 'Die andere Seite antwortet gerade nicht. Versuch es gleich noch einmal.',
  provider_refused: 'Die andere Seite hat nicht bestätigt, wer du bist.',
  sign_in_stale: 'Das hat zu lange gedauert oder in einem anderen Browser begonnen. Fang neu an.',
  identity_taken: 'Dieses Konto öffnet hier schon das Konto von jemand anderem.',
  name_taken: 'Diesen Namen hat schon jemand.',
  name_invalid:
    'Ein Name hat 1 bis 32 Buchstaben (a–z), Ziffern, Punkte, Binde- oder Unterstriche und beginnt und endet mit einem Buchstaben oder einer Ziffer.',
  password_short: 'Das Passwort braucht mindestens 8 Zeichen.',
  sign_up_closed: 'Diese Gemeinschaft nimmt gerade niemanden auf.',
  invite_needed: 'Für diese Gemeinschaft brauchst du eine Einladung.',
  invite_invalid: 'Diese Einladung ist aufgebraucht oder abgelaufen.',
  setting_locked: 'Das steht in der Konfigurationsdatei und lässt sich hier nicht ändern.',
  guests_off: 'Diese Gemeinschaft lässt keine Gäste herein.',
  guest_links_full: 'Dieser Raum hat so viele Gästelinks, wie er haben darf.',
  name_confusable: 'Dieser Name lässt sich mit dem von jemand anderem verwechseln. Bitte ergänze ihn.',
  setup_done: 'Diese Gemeinschaft ist schon eingerichtet.',
  setup_needed: 'Diese Gemeinschaft ist noch nicht eingerichtet.',
  setup_code_wrong: 'Das ist nicht der Code, den das Terminal zeigt.',
  picture_unreadable: 'Das ist kein Bild, das sich lesen lässt.',

  text_empty: 'Es gibt nichts zu senden.',
  text_too_long: 'Dieser Text ist zu lang.',
  content_unknown: 'Diese Art von Nachricht ist hier unbekannt.',
  room_full: 'Dieser Raum ist voll.',
  room_deleted: 'Dieser Raum wurde gelöscht. Wer ihn leitet, kann das einen Tag lang rückgängig machen.',
  room_archived: 'Dieser Raum ist archiviert: Man kann ihn lesen, aber nichts hinzufügen.',
  posting_closed: 'In diesem Raum schreibt nur die Moderation.',
  slow_mode: 'Dieser Raum ist im Langsam-Modus. Bitte warte ein wenig.',
  muted: 'Du darfst hier lesen, aber zurzeit nicht schreiben.',
  banned: 'Diese Person ist zurzeit aus diesem Raum verbannt.',
  seq_ahead: 'Diese Stelle liegt in der Zukunft.',
  message_deleted: 'Diese Nachricht wurde gelöscht.',

  calls_not_here: 'Anrufe gibt es in Gesprächen zu zweit.',
  already_calling: 'Du bist schon in einem Anruf.',
  call_over: 'Dieser Anruf ist vorbei.',
  call_elsewhere: 'Dieser Anruf läuft auf einem anderen Gerät oder in einem anderen Fenster.',
  call_peer_away: 'Die andere Seite ist gerade nicht verbunden.',

  credits_off: 'In dieser Gemeinschaft gibt es keine Taler.',
  credits_short: 'Dafür reichen die Taler nicht.',
  tickets_full: 'Du hast so viele offene Gespräche mit dem Team, wie du haben kannst.',
  newcomer: 'Du bist neu hier. Das geht nach deiner ersten Zeit.',
  last_admin: 'Eine Gemeinschaft braucht einen Admin. Mach erst jemand anderen dazu.',

  storage_full: 'Die Platte des Servers ist voll. Versuch es später noch einmal.',
  storage_busy: 'Der Server kann gerade nicht schreiben. Gleich versucht er es wieder.',
  restarting: 'Der Server startet neu.',
  internal: 'Auf dem Server ist etwas schiefgegangen.',

  malformed: 'Das ist kein JSON.',
  session_ended: 'Du bist nicht mehr angemeldet.',
  hello_late: 'Die Begrüßung kam nicht innerhalb von 5 Sekunden.',
  resume: 'Das Lesen war zu langsam. Verbinde dich neu und mach weiter.',
  flood: 'Zu viel auf einmal.',
  too_many_sockets: 'Zu viele Verbindungen auf einmal.',
  ws_protocol: 'Das ist keine WebSocket-Nachricht.',
  ws_binary: 'Nur Text wird verstanden.',
  ws_utf8: 'Dieser Text ist kein UTF-8.',
  ws_too_big: 'Das ist größer als erlaubt.',

  'A community needs a name.': 'Eine Gemeinschaft braucht einen Namen.',
  'Report a message or a person.': 'Melde eine Nachricht oder eine Person.',
  'Somebody else has to look at what is said of you.': 'Was über dich gesagt wird, muss sich jemand anders ansehen.',
  'This time is over already.': 'Diese Zeit ist schon vorbei.',
  'A secret room stays one.': 'Ein geheimer Raum bleibt geheim.',
  'Each category needs a name of its own.': 'Jede Kategorie braucht einen eigenen Namen.',
  'This ban would be over already.': 'Diese Verbannung wäre schon vorbei.',
  'A guest cannot have this role.': 'Ein Gast kann diese Rolle nicht haben.',
  'This conversation cannot be left.': 'Diese Unterhaltung lässt sich nicht verlassen.',
  'A room needs a name.': 'Ein Raum braucht einen Namen.',
  'You cannot write to this person.': 'Dieser Person kannst du nicht schreiben.',
  'This entry cannot be changed.': 'Dieser Eintrag lässt sich nicht ändern.',
  'Please say what to call you.': 'Bitte sag, wie wir dich nennen sollen.',
  'This password is not right.': 'Dieses Passwort stimmt nicht.',
  'Name or recovery code is not right.': 'Name oder Ersatzcode stimmt nicht.',
  'You cannot give anything to this person.': 'Dieser Person kannst du nichts geben.',
  'This picture has too many pixels.': 'Dieses Bild hat zu viele Pixel.',
  'This picture is too small.': 'Dieses Bild ist zu klein.',
};

const SUSPENDED = /^This account is suspended: (.*)\.$/;
const GROUP = /^A group has 2 to (\d+) people\.$/;

/** What it said with something of its own in it. */
export function problemIn(words: string): string | undefined {
  const why = SUSPENDED.exec(words)?.[1];
  if (why) return `Dieses Konto ist gesperrt: ${why}.`;
  const most = GROUP.exec(words)?.[1];
  return most && `Eine Gruppe hat 2 bis ${most} Leute.`;
}
