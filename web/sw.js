// The service worker: the second visit works without a network, and where a server sends no policy this adds it.
//
// Every file of ours is kept as it is first fetched, under the name of the build that it belongs to, and answered from
// there. It fetches nothing by itself but the few files that a page is open before it.

/** Filled in when the page is built: the build's name, and the policy that every file goes under. */
const BUILD = null;

const NAME = `scanwise-page-${BUILD?.name ?? 'unbuilt'}`;
const FIRST = ['./', 'index.html', 'boot.js', 'page.css', 'icon.svg', 'manifest.webmanifest'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(FIRST)));
});

self.addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith('scanwise-page-') && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A page that is being opened wants the newest; one that runs keeps the files that belong together.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOurs = request.method === 'GET' && request.url.startsWith(self.registration.scope);
  // The worker keeps the files of models itself, by their sums.
  const isWeights = /\/quantized-models\/[^?]*\.safetensors$/.test(new URL(request.url).pathname);
  if (isOurs && !isWeights) event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(NAME);
  // An address says what to open, not which file to get.
  const address = request.url.split(/[?#]/)[0];
  const kept = await cache.match(address);
  if (kept) return locked(kept);
  const response = await fetch(request);
  // Where storage is short the page works all the same, with a network.
  if (response.status === 200) await cache.put(address, response.clone()).catch(() => {});
  return locked(response);
}

/** The answer under the policy: the server's own where it sends one, else the one of the build. */
function locked(response) {
  if (!BUILD || response.headers.has('Content-Security-Policy') || response.type === 'error') return response;
  const headers = new Headers(response.headers);
  headers.set('Content-Security-Policy', BUILD.policy);
  headers.set('X-Scanwise-Lock', 'service-worker');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
