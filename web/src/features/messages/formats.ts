import type { Format } from '../../lib/marks';

/** Ctrl+K switches rooms, so links have L. */
export const FORMAT_KEYS: Record<Format, string> = {
  bold: 'Mod+B',
  italic: 'Mod+I',
  strike: 'Mod+Shift+X',
  code: 'Mod+E',
  link: 'Mod+Shift+L',
  bullets: 'Mod+Shift+8',
  numbers: 'Mod+Shift+7',
  quote: 'Mod+Shift+9',
};

export const FORMATS = Object.keys(FORMAT_KEYS) as Format[];
