/* Seals and opens what a visit pack holds. The key is made from a passphrase and cannot be taken out of the browser's own keeping
   (not extractable); it is held in memory while the pack is open and is stored nowhere. */
(() => {
  "use strict";
  const ROUNDS = 600000, SHORTEST = 14;
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));

  async function keyFrom(passphrase, salt, rounds) {
    const typed = await crypto.subtle.importKey("raw", encoder.encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
    const how = {name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds};
    return crypto.subtle.deriveKey(how, typed, {name: "AES-GCM", length: 256}, false, ["encrypt", "decrypt"]);
  }

  /* `bound`: what the sealed value belongs to. It opens for nothing else, so one entry cannot be put in the place of another. */
  async function seal(key, bound, value) {
    const iv = random(12);
    const data = await crypto.subtle.encrypt({name: "AES-GCM", iv, additionalData: encoder.encode(bound)}, key, encoder.encode(JSON.stringify(value)));
    return {iv, data: new Uint8Array(data)};
  }

  async function open(key, bound, sealed) {
    const data = await crypto.subtle.decrypt({name: "AES-GCM", iv: sealed.iv, additionalData: encoder.encode(bound)}, key, sealed.data);
    return JSON.parse(decoder.decode(data));
  }

  /* A name in the words of the page: short, simple, fair, strong. Whoever finds the device may try as long as they like. */
  function strength(passphrase) {
    const text = passphrase.normalize("NFKC").trim();
    if (text.length < SHORTEST) return "short";
    const different = new Set(text.toLowerCase()).size;
    const words = new Set(text.toLowerCase().split(/\s+/).filter((word) => word.length > 2)).size;
    if (different < 7 || /^[\d\s]+$/.test(text)) return "simple";
    return words >= 5 || (text.length >= 22 && different >= 10) ? "strong" : "fair";
  }

  const isHere = () => Boolean(globalThis.crypto && crypto.subtle && crypto.randomUUID && globalThis.indexedDB && indexedDB.databases && navigator.locks && globalThis.HTMLDialogElement);
  globalThis.WaymarkSeal = {ROUNDS, keyFrom, seal, open, strength, random, isHere};
})();
