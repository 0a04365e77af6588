/* Keeps every answer as it is typed. One keeper per answer: it sends what changed at the latest a second and a half later, says in
   words whether that is saved, and loses nothing: what could not be sent stays on the screen and is sent again.

   A save carries the version its writer had seen and a key of its own. A save whose answer never came is sent again under the same
   key, unchanged, before anything newer: so it happens once, and nobody ever collides with themselves. */
(() => {
  "use strict";
  const root = document.querySelector("[data-answers]");
  if (!root || !root.querySelector("[data-answer] form")) return;
  const PAUSE = 800, LONGEST = 1500, PATIENCE = 10000, RETRY = [1000, 2000, 4000, 8000, 15000, 30000];
  const words = root.dataset;
  const keepers = [];
  const make = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const newKey = () => crypto.randomUUID ? crypto.randomUUID() : "10000000-1000-4000-8000-100000000000".replace(/[018]/g,
    (digit) => (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16));
  const same = (one, other) => one.value === other.value && one.comment === other.comment && one.confidence === other.confidence;

  class Keeper {
    constructor(article) {
      this.article = article;
      this.form = article.querySelector("form");
      this.radios = [...this.form.elements.value];
      this.comment = this.form.elements.comment;
      this.confidence = this.form.elements.confidence;
      this.state = article.querySelector("[data-state]");
      this.needed = article.querySelector("[data-needed]");
      this.base = Number(this.form.dataset.base);
      this.acknowledged = this.content();
      this.pending = null; // {key, base, content}: sent, and no answer yet
      this.trouble = ""; // a name in `words` while something stands in the way
      this.tries = 0;
      this.form.querySelector("[data-submit]").hidden = true;
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
      this.comment.addEventListener("input", () => this.typed());
      this.form.addEventListener("change", () => this.send());
      this.comment.addEventListener("blur", () => this.send());
    }

    content() {
      const chosen = this.radios.find((radio) => radio.checked);
      return {value: chosen ? chosen.value : "", comment: this.comment.value, confidence: this.confidence.value};
    }

    isUnsaved() { return this.pending !== null || !same(this.content(), this.acknowledged); }

    say(text, isTrouble = false) {
      this.state.textContent = text;
      this.state.classList.toggle("care", isTrouble);
    }

    stand(trouble, text) { this.trouble = trouble; this.say(text || words[trouble], true); show(); }

    typed() {
      if (!this.isUnsaved()) return;
      const now = Date.now();
      this.since ??= now;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - now)));
      if (!this.trouble) this.say(words.saving);
      show();
    }

    body(save) {
      const body = new FormData();
      for (const [name, value] of Object.entries({...save.content, base: save.base, key: save.key, writer: this.form.elements.writer.value})) body.append(name, value);
      return body;
    }

    /* `leaving`: the page goes away; what is newer than a save under way goes out as well, based on what that save will make. */
    async send(leaving = false) {
      clearTimeout(this.timer);
      this.since = undefined;
      const content = this.content();
      if (this.isBusy) {
        if (leaving && this.pending && !same(content, this.pending.content)) this.post({key: newKey(), base: this.pending.base + 1, content}, true).catch(() => {});
        return show();
      }
      this.pending ??= same(content, this.acknowledged) ? null : {key: newKey(), base: this.base, content};
      if (!this.pending) return this.settle();
      this.isBusy = true;
      if (!this.trouble) this.say(words.saving);
      show();
      let answer = null, reply = {};
      try {
        answer = await this.post(this.pending, leaving);
        reply = (answer.headers.get("Content-Type") || "").startsWith("application/json") ? await answer.json() : {};
      } catch { answer = null; }
      this.isBusy = false;
      await this.heard(answer, reply);
      show();
    }

    post(save, leaving) {
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), PATIENCE);
      const headers = {"Accept": "application/json", "X-CSRFToken": this.form.elements.csrfmiddlewaretoken.value};
      const how = {method: "POST", body: this.body(save), headers, redirect: "manual", credentials: "same-origin", signal: patience.signal};
      // What a leaving page may send is limited to 64 kB; a longer text goes out like any other.
      const sent = leaving && save.content.comment.length < 15000 ? fetch(this.form.action, {...how, keepalive: true}) : fetch(this.form.action, how);
      return sent.finally(() => clearTimeout(timer));
    }

    async heard(answer, reply) {
      if (answer === null) return this.again(navigator.onLine ? "waiting" : "offline");
      if (answer.ok && reply.kind === "saved") return this.saved(reply);
      if (answer.status === 409 && reply.kind === "conflict") return this.met(reply.theirs);
      if (reply.kind === "refused") { this.pending = null; return this.stand("told", reply.problems.join(" ")); }
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.headers.has("X-Signed-Out")) return this.stand("signedOut");
      if (answer.status === 403) return this.forbidden();
      if (answer.status === 404) return this.stand("gone");
      return this.again("waiting");
    }

    saved(reply) {
      this.acknowledged = this.pending.content;
      this.base = reply.version;
      this.pending = null;
      this.tries = 0;
      this.trouble = "";
      this.needed.hidden = !reply.needed;
      this.needed.querySelector("span").textContent = reply.needed;
      if (this.conflict) { this.conflict.remove(); this.conflict = null; } // both wrote the same in the end
      if (!reply.is_unconfirmed) this.article.removeAttribute("data-unconfirmed");
      this.say(make(words.saved, {time: reply.at}));
      if (!same(this.content(), this.acknowledged)) this.typed();
    }

    settle() { if (!this.trouble) show(); }

    again(trouble) {
      this.stand(trouble);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.send(), RETRY[Math.min(this.tries++, RETRY.length - 1)]);
    }

    /* Refused: the page's token may be of an earlier sign-in. A fresh one tells whether this person may still write. */
    async forbidden() {
      if (this.hasAskedAnew) { this.hasAskedAnew = false; return this.stand("refused"); }
      const now = await standing(this.form.action);
      if (now === "signedOut" || now === "other" || now === "gone") return this.stand(now);
      if (now === null) return this.again("waiting");
      this.hasAskedAnew = true;
      await this.send();
      this.hasAskedAnew = false;
    }

    /* Somebody else wrote meanwhile. Both texts are on the server; which one goes on is for this person to say. */
    met(theirs) {
      const mine = this.pending.content;
      this.pending = null;
      this.acknowledged = mine; // kept on the server beside theirs
      this.theirs = theirs;
      this.stand("conflict");
      if (!this.conflict) {
        this.conflict = root.querySelector("[data-conflict-panel]").content.firstElementChild.cloneNode(true);
        this.conflict.querySelector("[data-keep]").addEventListener("click", () => this.decide(this.content()));
        this.conflict.querySelector("[data-take]").addEventListener("click", () => this.decide(this.theirs));
        this.conflict.querySelector("[data-both]").addEventListener("click", () => {
          const now = this.content();
          this.decide({...now, comment: [this.theirs.comment, now.comment].filter((text) => text.trim()).join("\n\n")});
          this.comment.focus();
        });
        this.form.after(this.conflict);
      }
      const put = (name, text) => { this.conflict.querySelector(`[data-${name}]`).textContent = text; };
      const label = this.radios.find((radio) => radio.value === mine.value);
      put("heading", make(words.heading, {name: theirs.by, time: theirs.at}));
      put("their-value", theirs.label);
      put("their-comment", theirs.comment);
      put("my-value", label ? label.parentElement.querySelector("span").textContent : "");
      put("my-comment", mine.comment);
      if (!this.article.contains(document.activeElement)) return;
      this.conflict.scrollIntoView({block: "nearest"});
    }

    decide(content) {
      for (const radio of this.radios) radio.checked = radio.value === content.value;
      this.comment.value = content.comment;
      this.confidence.value = content.confidence;
      this.base = this.theirs.version;
      this.acknowledged = {value: this.theirs.value, comment: this.theirs.comment, confidence: this.theirs.confidence};
      this.trouble = "";
      this.conflict.remove();
      this.conflict = null;
      this.article.focus();
      if (this.isUnsaved()) this.send(); else { this.say(make(words.saved, {time: this.theirs.at})); show(); }
    }
  }

  /* A fresh token for this page, if whoever is signed in now is who opened it. */
  async function standing(address) {
    try {
      const answer = await fetch(address, {headers: {"Accept": "application/json"}, redirect: "manual", credentials: "same-origin", cache: "no-store"});
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.headers.has("X-Signed-Out")) return "signedOut";
      if (answer.status === 404) return "gone";
      if (!answer.ok) return null;
      const now = await answer.json();
      if (now.writer !== root.querySelector("[name=writer]").value) return "other";
      for (const field of root.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = now.token;
      return "here";
    } catch { return null; }
  }

  for (const article of root.querySelectorAll("[data-answer]")) if (article.querySelector("form")) keepers.push(new Keeper(article));
  const unsaved = () => keepers.filter((keeper) => keeper.isUnsaved());
  const flush = (leaving = false) => Promise.all(unsaved().map((keeper) => keeper.send(leaving)));

  // --- The line that stays on the screen -------------------------------------------------------------------------------
  const line = document.getElementById("save-state"), overall = root.querySelector("[data-overall]"), counter = root.querySelector("[data-count]");
  const signIn = root.querySelector("[data-sign-in]"), now = root.querySelector("[data-now]");
  function show() {
    const open = unsaved(), stuck = keepers.filter((keeper) => keeper.trouble), isOut = stuck.some((keeper) => keeper.trouble === "signedOut");
    const text = isOut ? words.signedOut : stuck.length ? stuck[0].state.textContent : open.length ? words.saving : words.allSaved;
    if (overall.textContent !== text) overall.textContent = text;
    line.classList.toggle("care", stuck.length > 0);
    signIn.hidden = !isOut;
    now.hidden = !stuck.length;
    const answered = keepers.filter((keeper) => keeper.content().value).length;
    counter.textContent = make(words.progress, {answered, total: keepers.length});
  }
  const resume = async () => {
    const stuck = keepers.filter((keeper) => keeper.isUnsaved() && keeper.trouble && keeper.trouble !== "conflict");
    if (!stuck.length) return;
    if (stuck.some((keeper) => ["signedOut", "refused", "other"].includes(keeper.trouble))) {
      const found = await standing(stuck[0].form.action);
      if (found === "other") { for (const keeper of stuck) keeper.stand("other"); return; }
      if (found !== "here") return;
      for (const keeper of stuck) keeper.trouble = "";
    }
    await Promise.all(stuck.map((keeper) => keeper.send()));
  };
  now.addEventListener("click", resume);
  addEventListener("online", resume);
  addEventListener("focus", resume);
  addEventListener("offline", () => { for (const keeper of unsaved()) keeper.stand("offline"); show(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(true); else resume(); });
  addEventListener("pagehide", () => { flush(true); });
  document.addEventListener("waymark:signed-in", resume);
  document.addEventListener("waymark:save-now", (event) => {
    const done = flush();
    if (event.detail && typeof event.detail.waitUntil === "function") event.detail.waitUntil(done);
  });
  addEventListener("beforeunload", (event) => {
    flush(true);
    if (unsaved().length) event.preventDefault(); // asked only while something is not on the server
  });
  // A link waits for what is just being saved, so that nobody is asked for nothing.
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.getAttribute("href").startsWith("#")) return;
    if (!unsaved().length || keepers.some((keeper) => keeper.trouble)) return;
    event.preventDefault();
    await Promise.race([flush().then(() => flush()), new Promise((done) => { setTimeout(done, 2500); })]);
    location.assign(link.href);
  });
  if (!CSS.supports("field-sizing", "content")) {
    const grow = (area) => { area.style.blockSize = "auto"; area.style.blockSize = `${area.scrollHeight + 2}px`; };
    for (const keeper of keepers) { grow(keeper.comment); keeper.comment.addEventListener("input", () => grow(keeper.comment)); }
  }

  // --- Keys -------------------------------------------------------------------------------------------------------------
  const help = root.querySelector("[data-keys]"), areOn = root.querySelector("[data-keys-on]"), opener = document.querySelector("[data-help]");
  if (opener) { opener.hidden = false; opener.addEventListener("click", () => help.showModal()); }
  const at = () => keepers.findIndex((keeper) => keeper.article.contains(document.activeElement));
  const go = (index) => {
    const keeper = keepers[Math.max(0, Math.min(keepers.length - 1, index))];
    keeper.article.focus({preventScroll: true});
    keeper.article.scrollIntoView({block: "nearest"});
  };
  const isTyping = (element) => element.closest("textarea, select, [contenteditable], input:not([type=radio])") !== null;
  const choose = (keeper, index) => {
    const radio = keeper.radios[index];
    if (!radio.checked) { radio.checked = true; keeper.send(); }
    if (index === 4 && !keeper.comment.value.trim()) { keeper.needed.hidden = false; keeper.comment.focus(); }
  };
  const moves = {
    j: (index) => go(index + 1), ArrowDown: (index) => go(index + 1), k: (index) => go(index < 0 ? 0 : index - 1),
    ArrowUp: (index) => go(index < 0 ? 0 : index - 1), "?": () => help.showModal(),
    u: (index) => {
      const order = [...keepers.keys()].map((step) => (index + 1 + step) % keepers.length);
      const next = order.find((step) => !keepers[step].content().value);
      if (next !== undefined) go(next);
    },
  };
  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    const index = at(), key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]") || !areOn.checked) return;
    if (key === "Escape" && index >= 0 && isTyping(target)) { keepers[index].article.focus(); return; }
    if (isTyping(target)) return;
    const isArrow = key === "ArrowDown" || key === "ArrowUp";
    if (isArrow && (index < 0 || target !== keepers[index].article)) return; // arrows scroll, and move between radio buttons
    if (moves[key]) { event.preventDefault(); moves[key](index); return; }
    if (index < 0) return;
    const value = "0n".includes(key) ? 4 : "12345".indexOf(key);
    if (value >= 0) { event.preventDefault(); choose(keepers[index], value); }
    if (key === "c") { event.preventDefault(); keepers[index].comment.focus(); }
  });
  show();
})();
