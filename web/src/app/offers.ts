/** What the app itself offers from anywhere; a part of it with offers of its own is one import here. */
import { session } from '../features/auth/session.svelte';
import { attention } from '../features/messages/attention.svelte';
import { dialogs } from '../features/rooms/dialogs.svelte';
import { rooms } from '../features/rooms/rooms.svelte';
import { searchBar } from '../features/search/bar.svelte';
import { t as account } from '../lib/i18n/areas/account';
import { t as admin } from '../lib/i18n/areas/admin';
import { t } from '../lib/i18n/areas/switcher';
import { go, path, type AdminSection, type SettingsSection } from '../lib/route';
import { offer } from '../ui/actions';
import type { IconName } from '../ui/icons';
import { theme, type ThemeChoice } from '../ui/theme.svelte';
import { toasts } from '../ui/toasts.svelte';
import { over } from './over.svelte';

const member = (): boolean => !session.guest;
const inRoom = (): boolean => rooms.current !== null;

offer(
  {
    id: 'search',
    label: t('switcher.search'),
    also: t('switcher.search.also'),
    icon: 'search',
    first: 0,
    open: member,
    act: () => go(path.search),
  },
  { id: 'catchup', label: t('nav.catchup'), icon: 'checks', first: 1, open: member, act: () => go(path.catchup) },
  { id: 'mentions', label: t('nav.mentions'), icon: 'at', first: 2, open: member, act: () => go(path.mentions) },
  { id: 'people', label: t('nav.people'), icon: 'people', open: member, act: () => go(path.people) },
  { id: 'browse', label: t('nav.new.browse'), icon: 'compass', first: 4, open: member, act: () => go(path.browse) },
  {
    id: 'new.room',
    label: t('nav.new.room'),
    also: t('switcher.room.also'),
    icon: 'hash',
    first: 5,
    open: member,
    act: () => dialogs.open({ kind: 'room', name: '' }),
  },
  { id: 'new.dm', label: t('nav.new.dm'), icon: 'chat', open: member, act: () => dialogs.open({ kind: 'dm' }) },
  { id: 'new.group', label: t('nav.new.group'), icon: 'people', open: member, act: () => dialogs.open({ kind: 'group' }) },
  { id: 'new.secret', label: t('nav.new.secret'), icon: 'eyeOff', open: member, act: () => dialogs.open({ kind: 'secret' }) },
  { id: 'new.code', label: t('nav.new.code'), icon: 'key', open: member, act: () => dialogs.open({ kind: 'code' }) },
);

offer(
  { id: 'find', label: t('switcher.find'), icon: 'search', open: inRoom, act: () => (searchBar.room = rooms.current ?? '') },
  { id: 'read', label: t('switcher.read'), icon: 'check', open: inRoom, act: () => void attention.markRead(rooms.current ?? '') },
  {
    id: 'readAll',
    label: t('switcher.readAll'),
    also: t('switcher.readAll.also'),
    icon: 'checks',
    first: 3,
    open: () => rooms.list.some(({ unread, markedUnread }) => unread > 0 || markedUnread),
    act: readAll,
  },
  { id: 'members', label: t('switcher.members'), icon: 'people', open: inRoom, act: () => (over.members = !over.members) },
);

function readAll(): void {
  for (const { room, unread, markedUnread } of rooms.list) if (unread || markedUnread) void attention.markRead(room.id);
  toasts.say(t('switcher.readAll.done'));
}

const SETTINGS: Record<SettingsSection, IconName> = {
  profile: 'person',
  security: 'key',
  devices: 'desktop',
  privacy: 'lock',
  notifications: 'bell',
  calls: 'call',
  look: 'sun',
  credits: 'gift',
  access: 'plug',
  storage: 'archive',
  data: 'download',
};
const OF_GUESTS: readonly SettingsSection[] = ['look', 'notifications', 'calls'];

offer({ id: 'settings', label: t('nav.settings'), icon: 'settings', first: 6, act: () => go(path.settings) });
for (const [section, icon] of Object.entries(SETTINGS) as [SettingsSection, IconName][]) {
  offer({
    id: `settings.${section}`,
    label: t('switcher.settings', { section: account(`settings.${section}`) }),
    icon,
    open: () => (session.guest ? OF_GUESTS.includes(section) : section !== 'credits' || !!session.community?.credits),
    act: () => go(path.settingsOf(section)),
  });
}

const THEMES: Record<ThemeChoice, IconName> = { light: 'sun', dark: 'moon', system: 'desktop' };
for (const [choice, icon] of Object.entries(THEMES) as [ThemeChoice, IconName][]) {
  offer({
    id: `theme.${choice}`,
    label: t('switcher.theme', { theme: account(`settings.theme.${choice}`) }),
    also: t('switcher.theme.also'),
    icon,
    open: () => theme.choice !== choice,
    act: () => theme.choose(choice),
  });
}

const ADMIN: Record<AdminSection, IconName> = {
  members: 'people',
  invites: 'link',
  rooms: 'hash',
  reports: 'flag',
  audit: 'history',
  settings: 'settings',
  figures: 'chart',
  calls: 'call',
};
/** Moderators look after people; the house is the admins'. */
const ADMINS_ONLY: readonly AdminSection[] = ['rooms', 'settings', 'figures', 'calls'];
for (const [section, icon] of Object.entries(ADMIN) as [AdminSection, IconName][]) {
  offer({
    id: `admin.${section}`,
    label: t('switcher.admin', { section: admin(`admin.${section}`) }),
    icon,
    open: () => session.admin || (session.staff && !ADMINS_ONLY.includes(section)),
    act: () => go(path.adminOf(section)),
  });
}

offer(
  { id: 'support', label: t('nav.support'), icon: 'help', open: member, act: () => go(path.support) },
  {
    id: 'keys',
    label: t('switcher.keys'),
    also: t('switcher.keys.also'),
    icon: 'help',
    ...(matchMedia('(pointer: coarse)').matches ? {} : { first: 7 }),
    act: () => (over.shown = 'keys'),
  },
  { id: 'leave', label: account('settings.signOut'), icon: 'leave', act: () => (over.shown = 'leave') },
);
