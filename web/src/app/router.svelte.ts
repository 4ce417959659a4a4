import { start } from '../lib/history';
import { depthOf, MOVED, go, here, wentUp, type Moved, type Route } from '../lib/route';

/** Where the person is. Links are ordinary `<a href>`; clicks on them are caught here, so that features
 * need no router to link to each other. */
class Router {
  route = $state.raw<Route>(here());
  /** Which way one came there by a tap: 1 for deeper, -1 for back; 0 where it was another way, or no way at all. */
  way = 0;
  /** The address of `route`. */
  #at = location.pathname;

  start(): void {
    start();
    window.addEventListener('popstate', () => this.#stepped());
    window.addEventListener(MOVED, (event) => {
      const { pathname, route } = (event as CustomEvent<Moved>).detail;
      this.#at = pathname;
      this.#turn(route, true);
    });
    document.addEventListener('click', (event) => this.#followed(event));
  }

  /** A step that only opened or closed something over the page leaves the page as it is. */
  #stepped(): void {
    const { pathname, hash } = location;
    if (pathname === this.#at && !hash) return;
    this.#at = pathname;
    this.#turn(here(), wentUp());
  }

  #turn(route: Route, tapped: boolean): void {
    this.way = tapped ? Math.sign(depthOf(route) - depthOf(this.route)) : 0;
    this.route = route;
  }

  #followed(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return;
    // Not a page of the app: a download, or the way to another provider's sign-in.
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    go(link.pathname + link.hash);
  }
}

export const router = new Router();
