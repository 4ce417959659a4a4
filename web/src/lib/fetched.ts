/** Parts of the app that are fetched when they are first wanted: on a bad line, or in the moment in which a phone changes its
 * network, one of them may not come. */
import { backoff } from './backoff';

/** Style sheets that did not come. What Chromium gives them for a sheet looks like any other, so they are noted as it happens. */
const failed = new Set<HTMLLinkElement>();
globalThis.document?.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failed.add(target);
  },
  true,
);

/** The bundler asks for each style sheet once: whoever fetches a part again would get it bare. */
async function restyle(): Promise<void> {
  const links = [...failed];
  failed.clear();
  await Promise.all(
    links.map((link) => {
      const fresh = link.cloneNode() as HTMLLinkElement;
      const came = new Promise((resolve, reject) => {
        fresh.onload = resolve;
        fresh.onerror = reject;
      });
      link.replaceWith(fresh);
      return came;
    }),
  );
}

/** A part that did not come, asked for once more. */
export async function again<Part>(load: () => Promise<Part>): Promise<Part> {
  await restyle();
  return load();
}

/** A part that has to come: asked for until it does, at once when the network is back. Rejects when it is no longer wanted. */
export async function insist<Part>(load: () => Promise<Part>, unwanted?: AbortSignal): Promise<Part> {
  for (let tries = 0; ; tries++) {
    try {
      return await (tries ? again(load) : load());
    } catch (error) {
      if (!unwanted?.aborted) await pause(500 + backoff(tries, 1000), unwanted);
      if (unwanted?.aborted) throw error;
    }
  }
}

function pause(ms: number, unwanted?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const end = (): void => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end, over);
    unwanted?.addEventListener('abort', end, over);
  });
}
