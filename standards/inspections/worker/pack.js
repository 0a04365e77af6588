/* The worker of one visit pack. It keeps the pack's page and that page's files, and answers for nothing else: every other request
   goes to the network as if it were not there. `PACK` is written before this text: prefix, cache, shell, files. */
const KEPT = [PACK.shell, ...PACK.files];

async function fill() {
  const all = KEPT.map((address) => new Request(address, {cache: "reload", credentials: "same-origin", redirect: "error"}));
  await (await caches.open(PACK.cache)).addAll(all);
}
self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));

/* A pack is taken again while a tab still has the page of the one before: the worker was never gone, but what it kept was. */
self.addEventListener("message", (event) => {
  event.waitUntil(fill().then(() => event.ports[0].postMessage("kept"), () => event.ports[0].postMessage("failed")));
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
