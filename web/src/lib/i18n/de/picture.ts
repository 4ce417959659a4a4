import type { Translation } from '..';
import type { texts } from '../areas/picture';

export const picture: Translation<typeof texts> = {
  'picture.crop': 'Schieben und zoomen',
  'picture.crop.keys': 'Bild. Pfeiltasten schieben es, Plus und Minus zoomen.',
  'picture.zoom': 'Zoom',
  'picture.use': 'Bild nehmen',
  'picture.unreadable': 'Dieses Bild lässt sich nicht lesen. Ein anderes geht vielleicht.',
};
