import { hold } from '../lib/hold';
import { loadAnew } from '../lib/leaving';
import { firstSight } from '../lib/sight';
import { RUNS } from './names';

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
let begun = false;
let asked = false;
let told = (): void => undefined;
let channel: BroadcastChannel | undefined;

/**
 * Registers the offline shell; again is harmless, and needed after the site's data was cleared. `ready`: there is
 * a newer version, and nobody is in the middle of something; `takeUpdate` goes over to it.
 */
export async function keepShell(ready: () => void): Promise<void> {
  if (!import.meta.env.PROD) return;
  begin(ready);
  // A first visit fetches all files then, and should have been seen before.
  await firstSight;
  // By the time that they are needed, the server may have none of this version's files.
  void import('./updating').catch(() => undefined);
  if (!('serviceWorker' in navigator)) return;
  address ??= workerAddress(); // a policy can be made only once
  const before = registration;
  try {
    registration = await navigator.serviceWorker.register(address);
  } catch {
    return; // no secure context, or storage is off: the app works, only not without a network
  }
  if (registration === before) return;
  registration.active?.postMessage('clear-out');
  watch(registration.waiting);
  registration.addEventListener('updatefound', () => watch(registration?.installing));
}

/** A worker that is to follow another one; the first of all follows none. */
function watch(worker: ServiceWorker | null | undefined): void {
  if (!worker || !registration?.active) return;
  const look = (): void => {
    if (worker.state === 'installed') announce();
    if (worker.state === 'activated' && asked) leave();
  };
  worker.addEventListener('statechange', look);
  look();
}

/** Goes over to the new version, and the other tabs come along. */
function leave(): void {
  channel?.postMessage('come along');
  void loadAnew();
}

/** Another tab went over to the new version. All do, unless somebody would lose something by it. */
function follow(): void {
  void withPlans(({ mayLeave }) => (mayLeave() ? void loadAnew() : told()));
}

/** At once: other tabs must know from the first moment which version this one needs the files of. */
function begin(ready: () => void): void {
  if (begun) return;
  begun = true;
  told = ready;
  hold(RUNS + ownScript());
  // Not the browser's own word of it: a page that was loaded before there was any worker never hears that.
  channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('safevoice-update');
  channel?.addEventListener('message', follow);
  // A part of this version that is not to be had any more: there is a newer one, or the network is gone.
  addEventListener('vite:preloadError', () => lookForUpdate());
}

/** The address of the script that this page began with; each version has another. */
function ownScript(): string {
  const script = document.querySelector<HTMLScriptElement>('script[type=module][src]');
  return script ? new URL(script.src).pathname : '';
}

/** There is a newer version. */
function announce(): void {
  void withPlans(({ announce }) => announce(told, () => takeUpdate()));
}

/** If they never came and are lost with the rest of this version, it is told at once. */
function withPlans(how: (plans: typeof import('./updating')) => void): Promise<void> {
  return import('./updating').then(how, () => told());
}

/** The server may have been updated. */
export function lookForUpdate(): void {
  if (!import.meta.env.PROD) return;
  if (registration) return void registration.update().catch(() => undefined);
  // Without a worker nothing is kept of this version: what it has not loaded yet, it cannot load any more.
  void withPlans(({ isOutdated }) => void isOutdated(ownScript()).then((outdated) => outdated && announce()));
}

export function takeUpdate(): void {
  asked = true;
  if (registration?.waiting) registration.waiting.postMessage('take-over');
  else leave();
}
