/** Figures as people read them. */
import { region } from '../../lib/i18n';

const plain = new Intl.NumberFormat(region, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(region, { maximumFractionDigits: 1 });
const STEPS = ['B', 'KB', 'MB', 'GB', 'TB'];
const KIB = 1024;

const number = (value: number): string => (Math.abs(value) < 10 ? fine : plain).format(value);

/** Such as 3.4 MB; powers of 1024, as a file manager counts. */
export function sizeOf(bytes: number): string {
  let [value, step] = [bytes, 0];
  while (value >= KIB && step < STEPS.length - 1) [value, step] = [value / KIB, step + 1];
  return `${step ? number(value) : plain.format(value)} ${STEPS[step]}`;
}

/** A value in the unit that the server measures it in. */
export function figureOf(value: number, unit: string): string {
  if (unit === 'MiB') return sizeOf(value * KIB * KIB);
  if (unit === 'ms') return value >= 1000 ? `${number(value / 1000)} s` : `${number(value)} ms`;
  if (unit === '%') return `${number(value)} %`;
  return unit ? `${number(value)} ${unit}` : number(value);
}

/** One of the counts of everything there is. */
export function countOf(name: string, value: number): string {
  return name.endsWith('_bytes') ? sizeOf(value) : plain.format(value);
}
