/** Picking and cutting pictures. */
import { area } from '..';

export const texts = {
  'picture.crop': 'Move and zoom',
  'picture.crop.keys': 'Picture. Arrow keys move it, plus and minus zoom.',
  'picture.zoom': 'Zoom',
  'picture.use': 'Use picture',
  'picture.unreadable': 'This picture cannot be read. Another one may work.',
} as const;

export const t = area(texts);
