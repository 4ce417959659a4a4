interface Trusted {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const WORKER = '/sw.js';

/** The one script address that this app ever hands to the browser; the policy lets no other through. */
function workerAddress(): string {
  const types = (globalThis as { trustedTypes?: Trusted }).trustedTypes;
  if (!types) return WORKER;
  const policy = types.createPolicy('safevoice', {
    createScriptURL: (url) => {
      if (url !== WORKER) throw new TypeError('not the service worker');
      return url;
    },
  });
  return policy.createScriptURL(WORKER);
}

let address: string | undefined;
let registration: ServiceWorkerRegistration | undefined;
let asked = false;

/**
 * Registers the offline shell; again is harmless, and needed after the site's data was cleared. `ready`: a
 * newer version waits for `takeUpdate`.
 */
export async function keepShell(ready: () => void): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  if (!address) reloadWhenReplaced();
  address ??= workerAddress(); // a policy can be made only once
  const before = registration;
  try {
    registration = await navigator.serviceWorker.register(address);
  } catch {
    return; // no secure context, or storage is off: the app works, only not without a network
  }
  if (registration === before) return;
  const look = (worker: ServiceWorker | null | undefined) => {
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) ready();
  };
  look(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const worker = registration?.installing;
    worker?.addEventListener('statechange', () => look(worker));
  });
}

function reloadWhenReplaced(): void {
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // A tab nobody looks at may change at once; in one that somebody uses it would lose their place.
    if (asked || (controlled && document.visibilityState === 'hidden')) location.reload();
  });
}

/** The server may have been updated. */
export function lookForUpdate(): void {
  registration?.update().catch(() => undefined);
}

export function takeUpdate(): void {
  asked = true;
  registration?.waiting?.postMessage('take-over');
}
