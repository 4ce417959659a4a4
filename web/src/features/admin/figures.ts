/** Figures as people read them. */
import { isolated, region } from '../../lib/i18n';

const plain = new Intl.NumberFormat(region, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(region, { maximumFractionDigits: 1 });
const STEPS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const KIB = 1024;

const number = (value: number): string => (Math.abs(value) < 10 ? fine : plain).format(value);

function inUnit(value: number, unit: string): string {
  const maximumFractionDigits = Math.abs(value) < 10 && unit !== 'byte' ? 1 : 0;
  return new Intl.NumberFormat(region, { style: 'unit', unit, maximumFractionDigits }).format(value);
}

/** Such as 3.4 MB; powers of 1024, as a file manager counts. */
export function sizeOf(bytes: number): string {
  let [value, step] = [bytes, 0];
  while (value >= KIB && step < STEPS.length - 1) [value, step] = [value / KIB, step + 1];
  return inUnit(value, STEPS[step] ?? 'byte');
}

/** A value in the unit that the server measures it in. */
export function figureOf(value: number, unit: string): string {
  if (unit === 'MiB') return sizeOf(value * KIB * KIB);
  if (unit === 'ms') return value >= 1000 ? inUnit(value / 1000, 'second') : inUnit(value, 'millisecond');
  if (unit === '%') return inUnit(value, 'percent');
  return unit ? isolated(`${number(value)} ${unit}`) : number(value);
}

/** One of the counts of everything there is. */
export function countOf(name: string, value: number): string {
  return name.endsWith('_bytes') ? sizeOf(value) : plain.format(value);
}
