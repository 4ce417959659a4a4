import { t } from '../../lib/i18n/areas/house';

const DAY = 24;

export const weeksInWords = (n: number): string => (n ? t('house.quiet.n', { n }) : t('house.quiet.never'));

export function hoursInWords(n: number): string {
  if (n === 0) return t('house.newcomer.none');
  return n % DAY === 0 && n > DAY ? t('house.newcomer.days', { n: n / DAY }) : t('house.newcomer.hours', { n });
}

/** Choices, with the one that holds now among them, whatever it is. */
export function offered(usual: number[], now: number, inWords: (n: number) => string): { value: string; label: string }[] {
  const all = usual.includes(now) ? usual : [...usual, now];
  return all.map((n) => ({ value: String(n), label: inWords(n) }));
}
