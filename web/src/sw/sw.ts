/// <reference lib="webworker" />
import { SHELL } from '../local/names';

declare const self: ServiceWorkerGlobalScope;
declare const __FILES__: string[];
declare const __VERSION__: string;

const CACHE = SHELL + __VERSION__;
const NEVER = /^\/(api|healthz|readyz|metrics)(\/|$)/;

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
  // Every page of the app is the same document, and it must not wait for a slow network.
  const wanted = request.mode === 'navigate' ? '/' : request;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(wanted)).then((held) => held ?? fetch(request)),
  );
});
