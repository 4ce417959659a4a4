/** The addresses of the app, both ways, and the one way to go somewhere. */

export type Route =
  | { page: 'home' }
  | { page: 'room'; room: string; message: string }
  | { page: 'settings' }
  | { page: 'browse' }
  | { page: 'invite'; code: string };

export const path = {
  home: '/',
  settings: '/settings',
  browse: '/browse',
  room: (room: string, message = ''): string => (message ? `/room/${room}/m/${message}` : `/room/${room}`),
  invite: (code: string): string => `/invite/${encodeURIComponent(code)}`,
};

/** An address that means nothing here leads home. */
export function routeOf(pathname: string): Route {
  const parts = pathname.split('/').filter(Boolean);
  const [first, second, third, fourth] = parts;
  if (first === 'room' && second) {
    return { page: 'room', room: second, message: third === 'm' && fourth ? fourth : '' };
  }
  if (first === 'settings') return { page: 'settings' };
  if (first === 'browse') return { page: 'browse' };
  if (first === 'invite' && second) return { page: 'invite', code: decode(second) };
  return { page: 'home' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Which page of the app one came here from; '' after a deep link, so "up" must not leave the app. */
function cameFrom(): string {
  const state = history.state as { from?: string } | null;
  return state?.from ?? '';
}

/** Fired on window after `go`, as `popstate` is after the browser's own buttons. */
export const MOVED = 'safevoice:moved';

export function go(to: string, how: { replace?: boolean } = {}): void {
  if (how.replace || to === location.pathname) history.replaceState({ from: cameFrom() }, '', to);
  else history.pushState({ from: location.pathname }, '', to);
  window.dispatchEvent(new Event(MOVED));
}

/** Up to `parent`: by going back where one came from there, so that the history does not pile up. */
export function up(parent: string = path.home): void {
  if (cameFrom() === parent) history.back();
  else go(parent, { replace: true });
}
