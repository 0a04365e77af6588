/* Puts a pack that was saved to a file on this device, sealed as it is. The pack's own page then asks for the passphrase and sends it. */
(async () => {
  "use strict";
  const root = document.querySelector("[data-file]"), seal = globalThis.WaymarkSeal, shelf = globalThis.WaymarkShelf;
  const told = JSON.parse(document.getElementById("pack-told").textContent), words = told.words;
  const part = (name) => root.querySelector(`[data-part="${name}"]`), state = root.querySelector("[data-state]");
  const say = (text, isTrouble = false) => { state.textContent = text; state.classList.toggle("care", isTrouble); };
  if (!seal.isHere()) return;
  let waits;
  try { waits = (await shelf.entriesOf(told.pack)).length > 0; } catch { return say(words.failed, true); }
  part("cannot").hidden = true;
  part(waits ? "waits" : "form").hidden = false;

  part("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = part("form").querySelector("input[type=file]").files[0];
    if (!chosen) return say(words.notAFile, true);
    let found;
    try { found = shelf.fromFile(await chosen.text()); } catch { return say(words.notAFile, true); }
    if (found.pack.id !== told.pack) return say(words.otherFile, true);
    const release = await shelf.hold(told.pack);
    if (!release) return say(words.elsewhere, true);
    try {
      if ((await shelf.entriesOf(told.pack)).length) return say(words.waiting, true);
      await shelf.putPack(found.pack, found.entries);
    } catch { return say(words.failed, true); } finally { release(); }
    location.assign(told.at.shell);
  });
})();
