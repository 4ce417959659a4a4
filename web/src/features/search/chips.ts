/** What the chips say, and what may be tapped in. */
import { t } from '../../lib/i18n/areas/search';
import { dateOf } from '../../lib/time';
import { actingFor } from '../../local/db';
import type { IconName } from '../../ui/icons';
import { nameOf, people, type Person } from '../people/people.svelte';
import { rooms, type RoomEntry } from '../rooms/rooms.svelte';
import { isSomebody, nearest } from './named';
import type { Understood } from './parts';
import { dayText, endingOf, finished, type Ending } from './suggest';

const DAY = 86_400_000;
const MOST = 6;

/** Reactive. In words; `lost` where nobody and nothing is called so. */
export function chipOf(part: Understood): { label: string; icon: IconName | ''; lost: boolean } {
  const { what, icon = '', lost = false } = meaning(part);
  const label = part.excluded ? t('search.chip.not', { what }) : part.alternative ? t('search.chip.or', { what }) : what;
  return { label, icon, lost };
}

function meaning(part: Understood): { what: string; icon?: IconName; lost?: boolean } {
  const { kind, value, people: ids = [], rooms: places = [], since = 0, until = 0 } = part;
  const mine = ids.length === 1 && ids[0] === actingFor();
  const who = ids.length === 1 ? nameOf(people.byId(ids[0]!)) || value : value;
  switch (kind) {
    case 'from':
      if (!ids.length) return { what: t('search.chip.from.nobody', { name: value }), icon: 'person', lost: true };
      return { what: mine ? t('search.chip.from.me') : t('search.chip.from', { who }), icon: 'person' };
    case 'in': {
      if (!places.length) return { what: t('search.chip.in.nowhere', { name: value }), icon: 'hash', lost: true };
      const room = places.length === 1 ? (rooms.get(places[0]!)?.title ?? value) : value;
      return { what: t('search.chip.in', { room }), icon: 'hash' };
    }
    case 'mentions':
      if (!ids.length) return { what: t('search.chip.from.nobody', { name: value }), icon: 'at', lost: true };
      return { what: mine ? t('search.chip.mentions.me') : t('search.chip.mentions', { who }), icon: 'at' };
    case 'has':
      return { what: t(`search.chip.has.${value as 'link'}`), icon: 'link' };
    case 'is':
      return { what: t(`search.chip.is.${value as 'mine'}`), icon: 'person' };
    case 'before':
      return { what: t('search.chip.before', { day: dateOf(until) }), icon: 'clock' };
    case 'after':
      return { what: t('search.chip.after', { day: dateOf(since - 1) }), icon: 'clock' };
    case 'on':
      if (until - since < 1.5 * DAY) return { what: t('search.chip.on', { day: dateOf(since) }), icon: 'clock' };
      return { what: t('search.chip.span', { first: dateOf(since), last: dateOf(until - 1) }), icon: 'clock' };
    case 'phrase':
      return { what: t('search.chip.phrase', { words: value }) };
    default:
      return { what: value };
  }
}

/** A filter, or what may follow its colon. */
export interface Offer {
  key: string;
  label: string;
  icon: IconName;
  /** What it adds to the query, or the value of the unfinished filter. */
  text: string;
  person?: Person;
  entry?: RoomEntry;
}

/** The filters that are not in use; those of days are one until it is there. */
export function filters(parts: readonly Understood[]): Offer[] {
  const used = new Set(parts.filter(({ excluded }) => !excluded).map(({ kind }) => kind));
  const all: (Offer & { kind: Understood['kind'] })[] = [
    { kind: 'from', key: 'from', label: t('search.filter.from'), icon: 'person', text: 'from:' },
    { kind: 'in', key: 'in', label: t('search.filter.in'), icon: 'hash', text: 'in:' },
    { kind: 'has', key: 'link', label: t('search.filter.link'), icon: 'link', text: 'has:link' },
    { kind: 'mentions', key: 'mentions', label: t('search.filter.mentions'), icon: 'at', text: 'mentions:me' },
    { kind: 'is', key: 'mine', label: t('search.filter.mine'), icon: 'check', text: 'is:mine' },
    { kind: 'on', key: 'date', label: t('search.filter.date'), icon: 'clock', text: 'on:' },
  ];
  return all.filter(({ kind }) => !used.has(kind));
}

/** Reactive. What the unfinished filter may go on with. */
export function endings({ name, value }: Ending, now: number): Offer[] {
  switch (name) {
    case 'from':
    case 'mentions':
      return [...meFor(value), ...somebody(value)].slice(0, MOST);
    case 'in':
      return someRooms(value);
    case 'has':
      return [{ key: 'link', label: t('search.filter.link'), icon: 'link', text: 'link' }];
    case 'is':
      return [{ key: 'mine', label: t('search.filter.mine'), icon: 'check', text: 'mine' }];
    default:
      return value ? [] : days(now);
  }
}

/** The query with its unfinished filter finished by the nearest of what it may go on with; '' where there is none. */
export function completed(query: string): string {
  const ending = endingOf(query);
  const [nearest] = ending?.value ? endings(ending, Date.now()) : [];
  return ending && nearest ? finished(query, ending, nearest.text) : '';
}

function meFor(value: string): Offer[] {
  const label = t('search.filter.me');
  const wanted = value.toLowerCase();
  return 'me'.startsWith(wanted) || label.toLowerCase().startsWith(wanted) ? [{ key: 'me', label, icon: 'person', text: 'me' }] : [];
}

function somebody(value: string): Offer[] {
  const met = people.all.filter(isSomebody);
  const near = value ? nearest(met, value, ({ display, name }) => `${display} ${name}`, MOST) : lately(met);
  return near.map((person) => ({ key: person.id, label: person.display, icon: 'person', text: person.name, person }));
}

/** Those first with whom, or by whom, something was said last. */
function lately(met: readonly Person[]): Person[] {
  const order = [...new Set(rooms.list.flatMap(({ other, last }) => other?.id ?? last?.author ?? []))];
  const rank = ({ id }: Person): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return met.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST);
}

function someRooms(value: string): Offer[] {
  const open = rooms.list.filter(({ room }) => !room.deleted_at);
  const near = value ? nearest(open, value, ({ title, other }) => `${title} ${other?.name ?? ''}`, MOST) : open.slice(0, MOST);
  return near.map((entry) => ({ key: entry.room.id, label: entry.title, icon: 'hash', text: entry.other?.name ?? entry.title, entry }));
}

function days(now: number): Offer[] {
  const back = { today: 0, yesterday: 1, week: 7, month: 30 } as const;
  return Object.entries(back).map(([key, ago]) => {
    const text = ago < 2 ? key : dayText(now - ago * DAY);
    return { key, label: t(`search.day.${key as keyof typeof back}`), icon: 'clock', text };
  });
}
