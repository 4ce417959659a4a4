/** Moments in words, in the person's own time zone and language. */
import { region, t } from './i18n';

const DAY = 86_400_000;
const clock = new Intl.DateTimeFormat(region, { hour: 'numeric', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(region, { weekday: 'short' });
const weekdayLong = new Intl.DateTimeFormat(region, { weekday: 'long', day: 'numeric', month: 'long' });
const monthDay = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'short' });
const withYear = new Intl.DateTimeFormat(region, { day: 'numeric', month: 'long', year: 'numeric' });
const moment = new Intl.DateTimeFormat(region, { dateStyle: 'long', timeStyle: 'short' });
const full = new Intl.DateTimeFormat(region, { dateStyle: 'full', timeStyle: 'medium' });

/** The number of the local calendar day, so that two moments of one day compare equal. */
export function dayOf(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY;
}

export function clockTime(at: number): string {
  return clock.format(at);
}

export function exactTime(at: number): string {
  return full.format(at);
}

export function dateOf(at: number): string {
  return withYear.format(at);
}

/** Such as "20 September 2025 at 20:46". */
export function momentOf(at: number): string {
  return moment.format(at);
}

/** The day with the clock, within a sentence. */
export function dayTime(at: number, now: number): string {
  return t('time.at', { day: dayName(at, now, true), time: clockTime(at) });
}

/** As a day separator says it, or a sentence. */
export function dayName(at: number, now: number, within = false): string {
  const days = dayOf(now) - dayOf(at);
  if (days === 0) return t(within ? 'time.today.within' : 'time.today');
  if (days === 1) return yesterday(within);
  return days < 300 ? weekdayLong.format(at) : withYear.format(at);
}

/** As short as a list can bear, or a sentence: the clock today, then the weekday, then the date. */
export function shortTime(at: number, now: number, within = false): string {
  const days = dayOf(now) - dayOf(at);
  if (days <= 0) return clock.format(at);
  if (days === 1) return yesterday(within);
  if (days < 7) return weekday.format(at);
  return days < 300 ? monthDay.format(at) : withYear.format(at);
}

function yesterday(within: boolean): string {
  return t(within ? 'time.yesterday.within' : 'time.yesterday');
}
