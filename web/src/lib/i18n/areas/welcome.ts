/** The first minutes of somebody who has just joined. */
import { area } from '..';

export const texts = {
  'welcome.title': 'Lovely that you are here, {name}',
  'welcome.lead': 'A few small things, in any order, and {community} feels like home.',
  'welcome.away': 'Put this away',
  'welcome.done': 'Done',
  'welcome.face': 'Show who you are',
  'welcome.face.text': 'A picture and a few words: others recognise you at once.',
  'welcome.face.done': 'Others recognise you at once now.',
  'welcome.face.go': 'Pick a picture',
  'welcome.rooms': 'Find your rooms',
  'welcome.rooms.text': 'See what people talk about here, and look in before you join.',
  'welcome.rooms.done': { one: 'You are in {n} room. There may be more for you.', other: 'You are in {n} rooms. There may be more for you.' },
  'welcome.rooms.go': 'Discover rooms',
  'welcome.hello': 'Say hello',
  'welcome.hello.text': 'One line is enough, and nobody minds a beginner.',
  'welcome.hello.room': 'Say hello in {title}',
  'welcome.hello.first': 'As soon as you are in a room.',
  'welcome.hello.done': 'Said. Now they know you are here.',
  'welcome.install': 'Keep it at hand',
  'welcome.install.text': 'As an app of its own, with its own icon. Nothing to download from a store.',
  'welcome.install.go': 'Install the app',
  'welcome.install.ios': 'Tap {share} below, then “Add to Home Screen”.',
  'welcome.install.share': 'Share',
  'welcome.install.hint': 'With an icon of its own.',
  'welcome.install.step.share': 'Tap Share in Safari',
  'welcome.install.step.share.text': 'The square with an arrow, at the edge of the screen.',
  'welcome.install.step.add': 'Choose “Add to Home Screen”',
  'welcome.install.step.add.text': 'Further down in the list. From then on, open it by its icon.',
  'welcome.bell': 'Later: choose what may ring',

  'welcome.chips': 'Words to begin with',
  'welcome.chip.hello': 'Hello everybody!',
  'welcome.chip.name': 'Hi, I am {name}. Good to be here.',
  'welcome.chip.ask': 'Hello! What is going on here?',
  'welcome.chip.person': 'Hi {name}!',
} as const;

export const t = area(texts);
