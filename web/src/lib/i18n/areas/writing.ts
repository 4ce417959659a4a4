/** While one writes: what is offered, how words are set off, emoji. */
import { area } from '..';

export const texts = {
  'complete.people': 'People to mention',
  'complete.emoji': 'Emoji',
  'complete.everyone': 'Everybody in the room',
  'complete.people.count': { one: '{n} person', other: '{n} people' },
  'complete.emoji.count': { one: '{n} emoji', other: '{n} emoji' },

  'format.label': 'Format',
  'format.bold': 'Bold',
  'format.italic': 'Italic',
  'format.strike': 'Strikethrough',
  'format.code': 'Code',
  'format.link': 'Link',
  'format.quote': 'Quote',
  'format.bullets': 'List',
  'format.numbers': 'Numbered list',
  'format.withKeys': '{name} ({keys})',

  'emoji.label': 'Emoji',
  'emoji.search': 'Search emoji',
  'emoji.groups': 'Categories',
  'emoji.recent': 'Used lately',
  'emoji.group.0': 'Smileys',
  'emoji.group.1': 'People',
  'emoji.group.3': 'Animals and nature',
  'emoji.group.4': 'Food and drink',
  'emoji.group.5': 'Travel and places',
  'emoji.group.6': 'Activities',
  'emoji.group.7': 'Objects',
  'emoji.group.8': 'Symbols',
  'emoji.group.9': 'Flags',
  'emoji.none': 'No emoji by that name.',
  'emoji.found': { one: '{n} emoji found', other: '{n} emoji found' },
  'emoji.tone': 'Skin tone',
  'emoji.tone.0': 'No skin tone',
  'emoji.tone.1': 'Light',
  'emoji.tone.2': 'Medium light',
  'emoji.tone.3': 'Medium',
  'emoji.tone.4': 'Medium dark',
  'emoji.tone.5': 'Dark',
  'emoji.hint': 'Enter takes it, with Shift the list stays open.',
  'emoji.failed': 'The emoji could not be loaded.',

  'quote.selected': 'Quote',
} as const;

export const t = area(texts);
