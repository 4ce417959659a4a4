import { MOVED, go, routeOf, type Route } from '../lib/route';

/** Where the person is. Links are ordinary `<a href>`; clicks on them are caught here, so that features
 * need no router to link to each other. */
class Router {
  route = $state.raw<Route>(routeOf(location.pathname));

  start(): void {
    const look = (): void => {
      this.route = routeOf(location.pathname);
    };
    window.addEventListener('popstate', look);
    window.addEventListener(MOVED, look);
    document.addEventListener('click', (event) => this.#followed(event));
  }

  #followed(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return;
    event.preventDefault();
    go(link.pathname);
  }
}

export const router = new Router();
