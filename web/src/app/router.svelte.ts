import { start } from '../lib/history';
import { MOVED, go, here, type Moved, type Route } from '../lib/route';

/** Where the person is. Links are ordinary `<a href>`; clicks on them are caught here, so that features
 * need no router to link to each other. */
class Router {
  route = $state.raw<Route>(here());
  /** The address of `route`. */
  #at = location.pathname;

  start(): void {
    start();
    window.addEventListener('popstate', () => this.#stepped());
    window.addEventListener(MOVED, (event) => {
      const { pathname, route } = (event as CustomEvent<Moved>).detail;
      this.#at = pathname;
      this.route = route;
    });
    document.addEventListener('click', (event) => this.#followed(event));
  }

  /** A step that only opened or closed something over the page leaves the page as it is. */
  #stepped(): void {
    const { pathname, hash } = location;
    if (pathname === this.#at && !hash) return;
    this.#at = pathname;
    this.route = here();
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
