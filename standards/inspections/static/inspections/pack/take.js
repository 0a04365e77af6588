/* Takes a visit pack along: gets it, encrypts it here, keeps it, and keeps the page that opens it without network. */
(async () => {
  "use strict";
  const root = document.querySelector("[data-take]"), seal = globalThis.WaymarkSeal, shelf = globalThis.WaymarkShelf;
  const told = JSON.parse(document.getElementById("pack-told").textContent), words = told.words;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  if (!seal.isHere() || !navigator.serviceWorker) return; // what stands on the page says what to do
  part("cannot").hidden = true;

  const state = root.querySelector("[data-state]");
  const say = (text, isTrouble = false) => { state.textContent = text; state.classList.toggle("care", isTrouble); };
  const form = part("form").querySelector("form"), first = form.querySelector("[data-first]"), again = form.querySelector("[data-again]"), hint = form.querySelector("[data-hint]");
  const show = (name) => { for (const one of ["form", "waits", "done"]) part(one).hidden = one !== name; };

  async function look() {
    try { return (await shelf.entriesOf(told.pack)).length > 0; } catch { say(words.failed, true); return null; }
  }
  const waits = await look();
  if (waits === null) return;
  show(waits ? "waits" : "form");

  first.addEventListener("input", () => { hint.textContent = first.value ? words[seal.strength(first.value)] : ""; });
  const wrong = (input, text) => {
    input.setAttribute("aria-invalid", "true");
    say(text, true);
    input.focus();
  };

  async function contents() {
    const headers = {"Accept": "application/json", "X-CSRFToken": root.querySelector("[name=csrfmiddlewaretoken]").value};
    let answer;
    try { answer = await fetch(told.at.contents, {method: "POST", headers, redirect: "manual", credentials: "same-origin", cache: "no-store"}); } catch { return "offline"; }
    if (answer.headers.has("X-Signed-Out") || answer.type === "opaqueredirect") return "signedOut";
    return answer.ok ? answer.json() : "refused";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const input of [first, again]) input.removeAttribute("aria-invalid");
    const strength = seal.strength(first.value);
    if (strength === "short" || strength === "simple") return wrong(first, words[strength]);
    if (first.value !== again.value) return wrong(again, words.differ);
    const button = form.querySelector("button");
    button.disabled = true;
    say(words.working);
    const found = await contents();
    if (typeof found === "string") { button.disabled = false; return say(words[found], true); }
    const release = await shelf.hold(told.pack);
    if (!release) { button.disabled = false; return say(words.elsewhere, true); }
    try {
      if (await look()) return show("waits"); // written meanwhile in another tab
      const salt = seal.random(16), key = await seal.keyFrom(first.value, salt, seal.ROUNDS);
      const sealed = await seal.seal(key, `pack:${told.pack}`, found);
      await shelf.putPack({id: told.pack, salt, rounds: seal.ROUNDS, ...sealed});
      await shelf.keepPage(told.at.worker, told.at.shell, told.pack);
    } catch {
      button.disabled = false;
      await shelf.remove(told.pack, told.at.shell).catch(() => {});
      return say(words.failed, true);
    } finally { release(); }
    form.reset();
    const isPromised = navigator.storage && navigator.storage.persist ? await navigator.storage.persist() : false;
    say("");
    part("done").querySelector("[data-promise]").textContent = isPromised ? words.persistent : words.evictable;
    show("done");
    part("done").querySelector("h2").focus();
  });
})();
