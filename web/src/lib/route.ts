/** The addresses of the app, both ways, and the one way to go somewhere. */

export type Route =
  | { page: 'home' }
  | { page: 'room'; room: string; message: string }
  | { page: 'settings' }
  | { page: 'browse' }
  | { page: 'invite'; code: string }

export const path = {
  home: '/',
  settings: '/settings',
  browse: '/browse',
  room: (room: string, message = ''): string =>
    message ? `/room/${room}/m/${message}` : `/room/${room}`,
  invite: (code: string): string => `/invite/${encodeURIComponent(code)}`,
}

/** An address that means nothing here leads home. */
export function routeOf(pathname: string): Route {
  const parts = pathname.split('/').filter(Boolean)
  const [first, second, third, fourth] = parts
  if (first === 'room' && second) {
    return { page: 'room', room: second, message: third === 'm' && fourth ? fourth : '' }
  }
  if (first === 'settings') return { page: 'settings' }
  if (first === 'browse') return { page: 'browse' }
  if (first === 'invite' && second) return { page: 'invite', code: decode(second) }
  return { page: 'home' }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** How many steps inside the app lie behind this one; 0 after a deep link, so "back" must not leave. */
function depth(): number {
  const state = history.state as { depth?: number } | null
  return state?.depth ?? 0
}

/** Fired on window after `go`, as `popstate` is after the browser's own buttons. */
export const MOVED = 'safevoice:moved'

export function go(to: string, how: { replace?: boolean } = {}): void {
  if (how.replace || to === location.pathname) history.replaceState({ depth: depth() }, '', to)
  else history.pushState({ depth: depth() + 1 }, '', to)
  window.dispatchEvent(new Event(MOVED))
}

/** Back as the browser means it; from a deep link to `fallback` instead of out of the app. */
export function back(fallback: string = path.home): void {
  if (depth() > 0) history.back()
  else go(fallback, { replace: true })
}
