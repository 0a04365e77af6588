/* The worker of one visit pack. It keeps the pack's page and that page's files, and answers for nothing else: every other request
   goes to the network as if it were not there. `PACK` is written before this text: prefix, cache, shell, files. */
const KEPT = [PACK.shell, ...PACK.files];

self.addEventListener("install", (event) => {
  const all = KEPT.map((address) => new Request(address, {cache: "reload", credentials: "same-origin", redirect: "error"}));
  event.waitUntil(caches.open(PACK.cache).then((cache) => cache.addAll(all)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const drop = async () => {
    for (const name of await caches.keys()) if (name.startsWith(PACK.prefix) && name !== PACK.cache) await caches.delete(name);
  };
  event.waitUntil(drop());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin || address.search || !KEPT.includes(address.pathname)) return;
  const answer = async () => {
    const kept = await caches.has(PACK.cache) ? await (await caches.open(PACK.cache)).match(address.pathname) : undefined;
    return kept || fetch(event.request);
  };
  event.respondWith(answer());
});
