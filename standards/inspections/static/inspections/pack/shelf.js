/* What of visit packs lies on this device: sealed packs, sealed entries, the worker and the files of the page. Nothing here can be
   read without the passphrase; what can be seen is which inspection's number of entries, never their words. */
(() => {
  "use strict";
  const NAME = "waymark-visit";

  function opened() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("packs", {keyPath: "id"});
        asked.result.createObjectStore("entries", {keyPath: ["pack", "id"]}).createIndex("pack", "pack");
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        done(asked.result);
      };
      asked.onerror = asked.onblocked = () => failed(asked.error || new Error("blocked"));
    });
  }

  /* Runs `act` in one transaction and waits until the browser has written it through to the disk. */
  async function within(mode, act) {
    const base = await opened();
    try {
      return await new Promise((done, failed) => {
        const all = base.transaction(["packs", "entries"], mode, {durability: "strict"});
        const answer = act(all.objectStore("packs"), all.objectStore("entries"));
        all.oncomplete = () => done(answer && "result" in answer ? answer.result : undefined);
        all.onerror = all.onabort = () => failed(all.error || new Error("aborted"));
      });
    } finally { base.close(); }
  }

  async function isEmptyHere() {
    return !(await indexedDB.databases()).some((one) => one.name === NAME); // looking must not make a database
  }
  const packOf = async (id) => await isEmptyHere() ? undefined : within("readonly", (packs) => packs.get(id));
  const entriesOf = async (id) => await isEmptyHere() ? [] : within("readonly", (_packs, entries) => entries.index("pack").getAll(id));
  /* All of it or nothing: rows put (a pack, entries), entries dropped by id. Nothing is put under a pack that is not there any more:
     nobody could open it. */
  const change = (pack, {put = [], drop = [], packRow = null}) => within("readwrite", (packs, entries) => {
    packs.getKey(pack).onsuccess = (found) => {
      if (found.target.result === undefined) { entries.transaction.abort(); return; }
      if (packRow) packs.put(packRow);
      for (const row of put) entries.put(row);
      for (const id of drop) entries.delete([pack, id]);
    };
  });

  /* This tab alone may open, replace or remove the pack until `release` is called; null while another tab has it. */
  const hold = (id) => new Promise((done) => {
    navigator.locks.request(`waymark-visit:${id}`, {ifAvailable: true}, (lock) => {
      if (!lock) { done(null); return undefined; }
      return new Promise((release) => { done(release); });
    });
  });

  /* A pack and its entries in the place of whatever was here of that inspection. */
  const putPack = (pack, rows = []) => within("readwrite", (packs, entries) => {
    entries.delete(IDBKeyRange.bound([pack.id], [pack.id, []]));
    packs.put(pack);
    for (const row of rows) entries.put(row);
  });

  const dropBase = () => new Promise((done, failed) => {
    const asked = indexedDB.deleteDatabase(NAME);
    asked.onsuccess = () => done();
    asked.onerror = () => failed(asked.error);
  });

  async function registrationOf(shell) {
    if (!navigator.serviceWorker) return undefined;
    const all = await navigator.serviceWorker.getRegistrations();
    return all.find((one) => new URL(one.scope).pathname === shell);
  }

  /* The page for use without network is on the device once this is done. */
  async function keepPage(worker, shell, id) {
    const made = await navigator.serviceWorker.register(worker, {scope: shell, updateViaCache: "none"});
    const fresh = made.installing || made.waiting;
    if (!fresh && (await caches.keys()).some((name) => name.startsWith(`waymark-pack-${id}-`))) return;
    if (!fresh) {
      const answer = await new Promise((done) => {
        const line = new MessageChannel();
        line.port1.onmessage = (event) => done(event.data);
        made.active.postMessage("fill", [line.port2]);
      });
      if (answer !== "kept") throw new Error("not kept");
      return;
    }
    await new Promise((done, failed) => {
      const look = () => {
        if (fresh.state === "activated") done();
        if (fresh.state === "redundant") failed(new Error("not installed"));
      };
      fresh.addEventListener("statechange", look);
      look();
    });
  }

  /* Everything of this inspection off the device. */
  async function remove(id, shell) {
    if (!await isEmptyHere()) {
      await within("readwrite", (packs, entries) => {
        entries.delete(IDBKeyRange.bound([id], [id, []]));
        packs.delete(id);
      });
      if (await within("readonly", (packs) => packs.count()) === 0) await dropBase();
    }
    for (const name of await caches.keys()) if (name.startsWith(`waymark-pack-${id}-`)) await caches.delete(name);
    const worker = await registrationOf(shell);
    if (worker) await worker.unregister();
  }

  // --- A file: the same sealed rows, in text ---------------------------------------------------------------------------
  const text = (bytes) => { let all = ""; for (const one of bytes) all += String.fromCharCode(one); return btoa(all); };
  const bytes = (coded) => Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));

  function toFile(pack, rows) {
    const row = (one) => ({id: one.id, iv: text(one.iv), data: text(one.data)});
    return JSON.stringify({kind: "waymark-visit", format: 1, pack: {...row(pack), salt: text(pack.salt), rounds: pack.rounds}, entries: rows.map(row)});
  }

  /* Throws for anything that is no such file. */
  function fromFile(said) {
    const file = JSON.parse(said);
    if (file.kind !== "waymark-visit" || file.format !== 1 || !(file.pack.rounds >= 600000 && file.pack.rounds <= 10000000)) throw new Error("another kind of file");
    const row = (one) => ({id: String(one.id), iv: bytes(one.iv), data: bytes(one.data)});
    return {
      pack: {...row(file.pack), salt: bytes(file.pack.salt), rounds: file.pack.rounds},
      entries: file.entries.map((one) => ({...row(one), pack: String(file.pack.id)})),
    };
  }

  globalThis.WaymarkShelf = {packOf, entriesOf, change, hold, putPack, keepPage, remove, toFile, fromFile};
})();
