import { MOVED, go, here, type Route } from '../lib/route';

/** Where the person is. Links are ordinary `<a href>`; clicks on them are caught here, so that features
 * need no router to link to each other. */
class Router {
  route = $state.raw<Route>(here());

  start(): void {
    window.addEventListener('popstate', () => (this.route = here()));
    window.addEventListener(MOVED, (event) => (this.route = (event as CustomEvent<Route>).detail));
    document.addEventListener('click', (event) => this.#followed(event));
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
