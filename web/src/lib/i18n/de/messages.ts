import type { Translation } from '..';
import type { texts } from '../areas/messages';

export const messages: Translation<typeof texts> = {
  'readby.title': 'Wer es gelesen hat',
  'readby.read': 'Gelesen',
  'readby.delivered': 'Zugestellt',
  'readby.waiting': 'Noch nicht da',
  'readby.count': 'Gelesen von {n} von {of}',
  'readby.large': 'In einem so großen Raum wird nur gezählt, wer gelesen hat.',
  'readby.nobody': 'Niemand hier zeigt, was schon gelesen ist.',
  'readby.off': 'Du zeigst nicht, was du gelesen hast, also siehst du es auch von anderen nicht.',
  'readby.off.change': 'Unter Privatsphäre ändern',
  'readby.guest': 'Gast',
};
