// After signing out: takes off the device what a room kept there sealed, unless something in it still waits to be sent. A room that keeps
// anything does so in a database "waymark-…" with the stores "packs" (key: id) and "entries" (index: pack), in caches "waymark-…-ID-…", by a
// worker under an address with the id in it, and holds the lock "DATABASE:ID" while one is open.
(async () => {
  if (!globalThis.indexedDB || !indexedDB.databases || !navigator.locks) return;
  const opened = (name) => new Promise((done, failed) => {
    const asked = indexedDB.open(name);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const answered = (asked) => new Promise((done, failed) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

  // In one transaction: whatever is written at this moment comes before, and the pack stays, or after, and finds none.
  async function dropIfNothingWaits(base, id) {
    const all = base.transaction(["packs", "entries"], "readwrite", { durability: "strict" });
    const waiting = await answered(all.objectStore("entries").index("pack").count(id));
    if (!waiting) await answered(all.objectStore("packs").delete(id));
    return !waiting;
  }

  async function forget(id) {
    if (globalThis.caches) for (const name of await caches.keys()) if (name.startsWith("waymark-") && name.includes(`-${id}-`)) await caches.delete(name);
    if (!navigator.serviceWorker) return;
    for (const worker of await navigator.serviceWorker.getRegistrations()) if (worker.scope.includes(`/${id}/`)) await worker.unregister();
  }

  for (const { name } of (await indexedDB.databases()).filter((one) => one.name.startsWith("waymark-"))) {
    const base = await opened(name);
    base.onversionchange = () => base.close();
    for (const id of await answered(base.transaction("packs").objectStore("packs").getAllKeys())) {
      await navigator.locks.request(`${name}:${id}`, { ifAvailable: true }, async (lock) => {
        if (lock && (await dropIfNothingWaits(base, id))) await forget(id);
      });
    }
    const left = await answered(base.transaction("packs").objectStore("packs").count());
    base.close();
    if (!left) indexedDB.deleteDatabase(name);
  }
})();
