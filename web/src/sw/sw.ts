/// <reference lib="webworker" />
import { SHELL } from '../local/names';

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

self.addEventListener('activate', (event) => {
  const old = (names: string[]) => names.filter((name) => name.startsWith(SHELL) && name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || NEVER.test(url.pathname)) return;
  const later = LATER.exec(url.pathname);
  if (later) return event.respondWith(laterOf(request, later[0]));
  // Every page of the app is the same document, and it must not wait for a slow network.
  const wanted = request.mode === 'navigate' ? '/' : request;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(wanted)).then((held) => held ?? fetch(request)),
  );
});
