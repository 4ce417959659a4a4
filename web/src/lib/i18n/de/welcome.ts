import type { Translation } from '..';
import type { texts } from '../areas/welcome';

export const welcome: Translation<typeof texts> = {
  'welcome.title': 'Schön, dass du da bist, {name}',
  'welcome.lead': 'Ein paar Kleinigkeiten, in beliebiger Reihenfolge, und {community} fühlt sich an wie zu Hause.',
  'welcome.away': 'Weglegen',
  'welcome.done': 'Erledigt',
  'welcome.face': 'Zeig, wer du bist',
  'welcome.face.text': 'Ein Bild und ein paar Worte: So erkennen dich alle gleich.',
  'welcome.face.done': 'Jetzt erkennen dich alle gleich.',
  'welcome.face.go': 'Bild aussuchen',
  'welcome.rooms': 'Finde deine Räume',
  'welcome.rooms.text': 'Sieh nach, worüber hier gesprochen wird, und schau hinein, bevor du beitrittst.',
  'welcome.rooms.done': {
    one: 'Du bist in {n} Raum. Vielleicht ist noch mehr für dich dabei.',
    other: 'Du bist in {n} Räumen. Vielleicht ist noch mehr für dich dabei.',
  },
  'welcome.rooms.go': 'Räume entdecken',
  'welcome.hello': 'Sag hallo',
  'welcome.hello.text': 'Eine Zeile genügt, und alle haben einmal angefangen.',
  'welcome.hello.room': 'In {title} hallo sagen',
  'welcome.hello.first': 'Sobald du in einem Raum bist.',
  'welcome.hello.done': 'Gesagt. Jetzt wissen alle, dass du da bist.',
  'welcome.install': 'Griffbereit',
  'welcome.install.text': 'Als eigene App, mit eigenem Symbol. Nichts aus einem Store zu laden.',
  'welcome.install.go': 'App installieren',
  'welcome.install.ios': 'Tippe unten auf {share}, dann auf „Zum Home-Bildschirm“.',
  'welcome.install.share': 'Teilen',
  'welcome.bell': 'Später: aussuchen, was klingen darf',

  'welcome.chips': 'Worte für den Anfang',
  'welcome.chip.hello': 'Hallo zusammen!',
  'welcome.chip.name': 'Hallo, ich bin {name}. Schön, hier zu sein.',
  'welcome.chip.ask': 'Hallo! Was ist hier gerade los?',
  'welcome.chip.person': 'Hallo {name}!',
};
