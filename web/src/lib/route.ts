/** The addresses of the app, both ways, and the one way to go somewhere. */
import { back, cameFrom, move } from './history';

export const SETTINGS = [
  'profile',
  'security',
  'devices',
  'privacy',
  'notifications',
  'calls',
  'look',
  'credits',
  'access',
  'storage',
  'data',
] as const;
export const ADMIN = ['members', 'rooms', 'invites', 'reports', 'audit', 'settings', 'figures', 'calls'] as const;
export type SettingsSection = (typeof SETTINGS)[number];
export type AdminSection = (typeof ADMIN)[number];

/** A `code` that opens something; '' when the address came without one. */
export type Door = { page: 'invite' | 'guest' | 'reset' | 'link'; code: string };

export type Route =
  /** `lost`: the address that led here means nothing. */
  | { page: 'home'; lost?: true }
  | { page: 'browse' | 'people' | 'mentions' | 'catchup' | 'support' | 'outbox' | 'search' }
  /** For working on the app itself. */
  | { page: 'dev' }
  | { page: 'room'; room: string; message: string }
  | { page: 'settings'; section: SettingsSection | '' }
  /** `subject`: whom or what in that section it is about, by id; '' for all. */
  | { page: 'admin'; section: AdminSection | ''; subject: string }
  | { page: 'secret'; code: string }
  /** Back from another site's sign-in; `code`: what came of it. */
  | { page: 'returned'; code: string }
  | Door;

export const path = {
  home: '/',
  browse: '/browse',
  people: '/people',
  mentions: '/mentions',
  catchup: '/catchup',
  support: '/support',
  outbox: '/outbox',
  search: '/search',
  settings: '/settings',
  settingsOf: (section: SettingsSection): string => `/settings/${section}`,
  admin: '/admin',
  adminOf: (section: AdminSection, subject = ''): string => (subject ? `/admin/${section}/${subject}` : `/admin/${section}`),
  room: (room: string, message = ''): string => (message ? `/room/${room}/m/${message}` : `/room/${room}`),
  invite: (code: string): string => `/invite/${encodeURIComponent(code)}`,
  guest: (code: string): string => `/guest/${encodeURIComponent(code)}`,
  secret: (code = ''): string => withCode('/secret', code),
  reset: (code = ''): string => withCode('/reset', code),
  link: (code = ''): string => withCode('/link', code),
};

/** After the `#`, which browsers send to nobody: such a code is as good as a password. */
function withCode(page: string, code: string): string {
  return code ? `${page}#${encodeURIComponent(code)}` : page;
}

const PLAIN = ['browse', 'people', 'mentions', 'catchup', 'support', 'outbox', 'search'] as const;
const WITH_CODE = ['secret', 'reset', 'link', 'returned'] as const;

/** `fragment` is what followed the `#`, without it. An address that means nothing here leads home. */
export function routeOf(pathname: string, fragment = ''): Route {
  const [first, second = '', third, fourth] = pathname.split('/').filter(Boolean);
  const plain = PLAIN.find((page) => page === first);
  if (plain) return { page: plain };
  if (first === 'dev' && second === 'ui') return { page: 'dev' };
  const withCode = WITH_CODE.find((page) => page === first);
  if (withCode) return { page: withCode, code: decode(fragment) };
  if (first === 'settings') return { page: 'settings', section: SETTINGS.find((each) => each === second) ?? '' };
  if (first === 'admin') {
    const section = ADMIN.find((each) => each === second) ?? '';
    return { page: 'admin', section, subject: section && third ? third : '' };
  }
  if (first === 'room' && second) {
    return { page: 'room', room: second, message: third === 'm' && fourth ? fourth : '' };
  }
  if ((first === 'invite' || first === 'guest') && second) return { page: first, code: decode(second) };
  return first === undefined ? { page: 'home' } : { page: 'home', lost: true };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Where the browser stands. A fragment is taken out of the address as it is read, so that no history keeps it. */
export function here(): Route {
  const fragment = location.hash.slice(1);
  if (fragment) history.replaceState(history.state, '', location.pathname);
  return routeOf(location.pathname, fragment);
}

export interface Moved {
  pathname: string;
  route: Route;
}

/** Fired on window after `go` with a Moved, as `popstate` is after the browser's own buttons. */
export const MOVED = 'safevoice:moved';

/** `fresh`: for whoever comes next, who was nowhere before. */
export function go(to: string, how: { replace?: boolean; fresh?: boolean } = {}): void {
  const [pathname = '', fragment] = to.split('#');
  move(pathname, how.replace === true || pathname === location.pathname, how.fresh);
  window.dispatchEvent(new CustomEvent<Moved>(MOVED, { detail: { pathname, route: routeOf(pathname, fragment) } }));
}

/** How deep in the app a page is: from one to another of the same depth nobody travels. */
export function depthOf(route: Route): number {
  if (route.page === 'settings') return route.section ? 2 : 0;
  // Between the list and what was found.
  if (route.page === 'search') return 0.5;
  if (route.page === 'admin') return 1 + (route.section ? 1 : 0) + (route.subject ? 1 : 0);
  return ['home', 'mentions', 'people', 'catchup'].includes(route.page) ? 0 : 1;
}

/** A second tap of the same finger comes before the browser has stepped back for the first (ms). */
const ONE_TAP = 500;

let rising = 0;

/** Whether the step that was just made in the history was asked for by `up`, and not by a gesture of the system's. */
export function wentUp(): boolean {
  const was = rising !== 0;
  rising = 0;
  return was;
}

/** Up to `parent`: by going back where one came from there, so that the history does not pile up. */
export function up(parent: string = path.home): void {
  if (Date.now() - rising < ONE_TAP) return;
  // Whoever looks at one result goes back to the others.
  const found = parent === path.home && cameFrom() === path.search;
  if (!found && cameFrom() !== parent) return go(parent, { replace: true });
  rising = Date.now();
  back();
}
