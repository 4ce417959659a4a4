/// <reference lib="webworker" />
import { holding } from '../lib/hold';
import { RUNS, SHELL } from '../local/names';

declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: string[];
declare const __VERSION__: string;

const CACHE = SHELL + __VERSION__;
const NEVER = /^\/(api|healthz|readyz|metrics)(\/|$)/;

/** Large, and of use to few at a time: such files are kept once somebody has wanted them, over updates too. */
const LATER = /^\/assets\/later-[a-z]+/;
const WANTED = 'wanted';

async function laterOf(request: Request, name: string): Promise<Response> {
  const cache = await caches.open(WANTED);
  const held = await cache.match(request);
  if (held) return held;
  const fresh = await fetch(request);
  if (!fresh.ok) return fresh;
  const old = (await cache.keys()).filter(({ url }) => LATER.exec(new URL(url).pathname)?.[0] === name);
  await Promise.all(old.map((each) => cache.delete(each)));
  await cache.put(request, fresh.clone());
  return fresh;
}

self.addEventListener('install', (event) => {
  const fresh = ['/', ...__FILES__].map((path) => new Request(path, { cache: 'reload' }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)));
});

/** Files of older versions go, once no tab runs one of those: it may still want a part that it has not loaded yet. */
async function clearOut(): Promise<void> {
  const scripts = await holding(RUNS);
  const names = await caches.keys();
  // What a newer version has fetched is not older, and it goes nowhere without.
  const { installing, waiting } = self.registration;
  if (installing || waiting || self.serviceWorker?.state === 'redundant') return;
  for (const name of names) {
    if (!name.startsWith(SHELL) || name === CACHE) continue;
    const cache = await caches.open(name);
    const runs = await Promise.all(scripts.map((script) => cache.match(script)));
    if (!runs.some(Boolean)) await caches.delete(name);
  }
}

self.addEventListener('activate', (event) => event.waitUntil(clearOut()));

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
  // A tab that has just begun may be the first without an older version beside it.
  if (event.data === 'clear-out') event.waitUntil(clearOut());
});

/** Of this version; else of an older one that a tab still runs; else from the server. */
async function answer(request: Request): Promise<Response> {
  // Every page of the app is the same document, and it must not wait for a slow network.
  const wanted = request.mode === 'navigate' ? '/' : request;
  const cache = await caches.open(CACHE);
  const held = (await cache.match(wanted)) ?? (wanted === '/' ? undefined : await caches.match(wanted));
  return held ?? fetch(request);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || NEVER.test(url.pathname)) return;
  const later = LATER.exec(url.pathname);
  if (later) return event.respondWith(laterOf(request, later[0]));
  event.respondWith(answer(request));
});
