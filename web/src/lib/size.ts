/** How much there is of a file. */
import { locale } from './i18n';

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;

/** Such as "12 kB" or "3.4 MB". */
export function bytesInWords(bytes: number): string {
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  const digits = value < 10 && unit > 0 ? 1 : 0;
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit: UNITS[unit]!, maximumFractionDigits: digits });
  return words.format(value);
}
