/* The page of a visit pack: opened by its passphrase, with or without network. What is typed is encrypted and kept as it is typed;
   "Saved on this tablet" is said once the browser has written it down. The key lives in `session` and nowhere else. */
(async () => {
  "use strict";
  const root = document.querySelector("[data-pack]"), {WaymarkSeal: seal, WaymarkShelf: shelf, WaymarkEntries: writing, WaymarkSending: sending} = globalThis;
  const told = JSON.parse(document.getElementById("pack-told").textContent), {words, labels, pack: id} = told;
  const LIMIT = 10 * 60 * 1000, PAUSE = 600, RETRY = [2000, 5000, 15000, 30000, 60000], PARTS = ["cannot", "none", "locked", "open", "edit", "settle", "gone"];
  const one = (name) => root.querySelector(name), part = (name) => one(`[data-part="${name}"]`), {make} = writing;
  if (!seal.isHere()) return; // what stands on the page says what to do

  let session = null; // {key, contents, entries: Map, unreadable, release}
  let current = null; // the entry in the form
  let isDirty = false, timer = 0, tries = 0, lastUse = Date.now(), busy = Promise.resolve(), isSending = false;

  const say = (text, isTrouble = false) => { one("[data-state]").textContent = text; one("[data-state]").hidden = !text; one("#save-state").classList.toggle("care", isTrouble); };
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
  const show = (name, focus = null) => {
    for (const other of PARTS) part(other).hidden = other !== name;
    if (focus) focus.focus();
  };
  async function count() {
    const number = session ? session.entries.size + session.unreadable : (await shelf.entriesOf(id)).length;
    one("[data-count]").textContent = number ? put(words.waiting, {number}) : words.nothingWaits;
    return number;
  }
  const sure = (text) => new Promise((done) => {
    const dialog = one("[data-ask]");
    dialog.querySelector("h2").textContent = text;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), {once: true});
    dialog.showModal();
  });

  // --- Keeping: one change after the other, each sealed before it is stored ----------------------------------------------
  const rowOf = async (at, entry) => ({pack: id, id: entry.id, ...await seal.seal(at.key, `entry:${id}:${entry.id}`, entry)});
  function change(act) {
    const next = busy.then(act, act);
    busy = next.catch(() => {});
    return next;
  }
  const keep = (entry) => change(async () => {
    const at = session;
    await shelf.change(id, {put: [await rowOf(at, entry)]});
    at.entries.set(entry.id, entry);
  });
  const drop = (entry) => change(async () => {
    const at = session;
    await shelf.change(id, {drop: [entry.id]});
    at.entries.delete(entry.id);
  });

  /* What stands in the form, kept. False where the device could not. */
  async function flush() {
    clearTimeout(timer);
    if (!isDirty) { await busy; await null; } // what is just being written may still fail
    if (!session || !current || !isDirty) return true;
    isDirty = false;
    const form = formOf(current);
    current = {...current, values: writing.read(form, current), state: "", at: Date.now()};
    if (writing.isEmpty(current) && !session.entries.has(current.id)) return true;
    try { await keep(current); } catch { isDirty = true; say(words.notKept, true); return false; }
    if (!isDirty) say(put(words.saved, {time: clock()}));
    await count();
    return true;
  }

  // --- Opening and locking ---------------------------------------------------------------------------------------------
  async function unlock(passphrase) {
    const pack = await shelf.packOf(id);
    if (!pack) return show("none");
    say(words.unlocking);
    const key = await seal.keyFrom(passphrase, pack.salt, pack.rounds);
    let contents;
    try { contents = await seal.open(key, `pack:${id}`, pack); } catch { return say(words.wrong, true); }
    const release = await shelf.hold(id);
    if (!release) return say(words.elsewhere, true);
    const entries = new Map();
    let unreadable = 0;
    for (const row of await shelf.entriesOf(id)) {
      try { entries.set(row.id, await seal.open(key, `entry:${id}:${row.id}`, row)); } catch { unreadable += 1; }
    }
    session = {key, contents, entries, unreadable, release};
    lastUse = Date.now();
    say(unreadable ? put(words.unreadable, {number: unreadable}) : "", unreadable > 0);
    await list();
  }

  async function lock(why) {
    if (!session || isSending) return;
    await flush();
    await busy;
    const {release} = session;
    session = current = null;
    isDirty = false;
    wipe();
    release();
    show("locked");
    say(words[why]);
    await count();
  }

  /* No word of the pack stays on the page. */
  function wipe() {
    for (const form of root.querySelectorAll("form[data-entry]")) writing.wipe(form, form.dataset.entry);
    for (const name of ["[data-number]", "[data-queue]", "[data-drafts]", "[data-scope]", "[data-earlier]", "[data-activities]", "[data-fields]", "[data-edit-heading]", "[data-settle-heading]"]) {
      (one(name) || document.querySelector(name)).replaceChildren();
    }
  }

  // --- The list --------------------------------------------------------------------------------------------------------
  const unsentActivities = () => new Set([...session.entries.values()].filter((entry) => entry.kind === "activity").map((entry) => entry.id));
  function stateOf(entry) {
    if (entry.state === "conflict") return [words.isConflict, "danger"];
    if (entry.state === "refused") return [words.isRefused, "danger"];
    const open = writing.missing(entry);
    if (open.length) return [put(words.unfinished, {fields: open.map((name) => labels[name]).join(", ")}), "care"];
    return [words.ready, "good"];
  }

  function line(title, text, state, label, act) {
    const item = make("li"), words_ = make("div"), button = make("button", label);
    button.type = "button";
    button.append(make("span", `: ${title}`, "only-read"));
    button.addEventListener("click", act);
    words_.append(make("b", title), make("p", text.slice(0, 160), "small"));
    item.append(words_, ...(state ? [make("span", state[0], `chip ${state[1]}`)] : []), button);
    return item;
  }

  async function list() {
    const {contents, entries} = session, all = [...entries.values()].sort((a, b) => (a.at || 0) - (b.at || 0));
    document.querySelector("[data-number]").textContent = contents.number;
    one("[data-queue]").replaceChildren(...all.map((entry) => {
      const title = `${entry.code ? put(words.isChange, {code: entry.code}) : words[entry.kind]} · ${writing.titleOf(entry, contents, words)}`;
      const isConflict = entry.state === "conflict";
      return line(title, entry.values.text || entry.values.note || "", stateOf(entry), isConflict ? words.settle : words.change, () => isConflict ? settle(entry) : edit(entry));
    }));
    const changed = new Set(all.map((entry) => entry.target)), drafts = contents.findings.filter((row) => !changed.has(row.id));
    one("[data-drafts-part]").hidden = !drafts.length;
    one("[data-drafts]").replaceChildren(...drafts.map((row) => line(row.code, row.values.text, null, words.change, () => {
      edit(writing.start("finding", {target: row.id, code: row.code, bases: [row.values], values: {...row.values, hold_back: false}}));
    })));
    one("[data-scope]").replaceChildren(...contents.standards.flatMap((standard) => {
      const under = make("ul"), question = contents.questions.find((row) => row.code === standard.question);
      under.append(...contents.indicators.filter((row) => row.standard === standard.id).map((row) => make("li", `${row.code} · ${row.text}`)));
      return [make("h3", `${standard.code} · ${standard.title}`), make("p", standard.statement), make("p", question ? question.title : "", "small"), under];
    }));
    one("[data-earlier-part]").hidden = !contents.earlier.length;
    one("[data-earlier]").replaceChildren(...contents.earlier.map((row) => make("li", `${row.label} · ${row.kind}: ${row.text}`)));
    one("[data-activities]").replaceChildren(...contents.activities.map((row) => make("li", [row.label, row.note].filter(Boolean).join(": "))));
    show("open");
    await count();
  }

  // --- Writing ---------------------------------------------------------------------------------------------------------
  const formOf = (entry) => one(`form[data-entry="${entry.kind}"]`);
  function edit(chosen) {
    if (isSending) return;
    const entry = session.entries.get(chosen.id) || chosen;
    current = entry;
    isDirty = false;
    const form = formOf(entry), others = [...session.entries.values()];
    for (const other of root.querySelectorAll("form[data-entry]")) other.hidden = other !== form;
    form.reset();
    writing.fill(form, entry, session.contents, others, words);
    writing.write(form, entry);
    writing.showErrors(form, entry);
    one("[data-edit-heading]").textContent = entry.code || words[entry.kind];
    say("");
    show("edit", form.querySelector("[aria-invalid]") || one("[data-edit-heading]"));
  }

  for (const form of root.querySelectorAll("form[data-entry]")) {
    form.addEventListener("input", (event) => {
      if (!session) return;
      if (event.target.name === "standard") {
        current = {...current, values: {...writing.read(form, current), indicators: []}};
        writing.tickable(form, current, "indicators", session.contents, [...session.entries.values()], words);
      }
      isDirty = true;
      say(words.saving);
      clearTimeout(timer);
      timer = setTimeout(flush, PAUSE);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!await flush()) return;
      current = null;
      await list();
      one("[data-queue-heading]").focus();
    });
    form.querySelector("[data-remove]").addEventListener("click", async () => {
      if (session.entries.has(current.id) && !await sure(words.removeAsk)) return;
      clearTimeout(timer);
      isDirty = false;
      await drop(current);
      for (const other of [...session.entries.values()]) {
        const left = (other.values.activities || []).filter((used) => used !== current.id);
        if (left.length !== (other.values.activities || []).length) await keep({...other, values: {...other.values, activities: left}});
      }
      current = null;
      say("");
      await list();
      one("[data-queue-heading]").focus();
    });
  }

  // --- Both changed it -------------------------------------------------------------------------------------------------
  function settle(entry) {
    if (isSending) return;
    current = entry;
    const {contents, entries} = session, tell = (name, value) => writing.shown(entry, name, value, contents, [...entries.values()], words);
    one("[data-settle-heading]").textContent = entry.code;
    one("[data-fields]").replaceChildren(...entry.fields.map((name) => {
      const box = make("fieldset", "", "field"), choices = make("div", "", "choices"), mine = entry.values[name], theirs = entry.theirs[name];
      const text = (label, value) => { const made = make("div"); made.append(make("h3", label), make("p", tell(name, value), "typed")); return made; };
      const both = make("div", "", "two-texts");
      both.append(text(words.send_onServer, theirs), text(words.send_onTablet, mine));
      const offered = [["server", words.send_useServer], ["tablet", words.send_useTablet], ...(writing.WORDS.includes(name) ? [["both", words.send_useBoth]] : [])];
      choices.append(...offered.map(([value, label]) => {
        const tick = make("label"), radio = make("input");
        radio.type = "radio";
        radio.name = `choose-${name}`;
        radio.value = value;
        tick.append(radio, make("span", label));
        return tick;
      }));
      box.append(make("legend", labels[name]), both, choices);
      return box;
    }));
    say("");
    show("settle", one("[data-settle-heading]"));
  }
  one("[data-settle]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = {};
    for (const name of current.fields) {
      const picked = event.target.querySelector(`input[name="choose-${name}"]:checked`);
      if (!picked) return say(words.send_choose, true);
      const mine = current.values[name], theirs = current.theirs[name];
      chosen[name] = {server: theirs, tablet: mine, both: `${theirs}\n\n${mine}`}[picked.value];
    }
    const next = sending.settled(current, chosen);
    try { await keep(next); } catch { return say(words.notKept, true); }
    current = null;
    say(put(words.saved, {time: clock()}));
    await list();
    one("[data-queue-heading]").focus();
  });
  one("[data-back]").addEventListener("click", async () => { current = null; await list(); });

  // --- Sending ---------------------------------------------------------------------------------------------------------
  /* Taken: the entry leaves; whatever named it names the row it became; the pack knows the row from now on. */
  const takenAway = (entry, reply) => change(async () => {
    const at = session, renamed = (values) => values.activities ? {...values, activities: values.activities.map((used) => used === entry.id ? reply.row : used)} : values;
    const touched = entry.kind === "activity" ? [...at.entries.values()].filter((other) => (other.values.activities || []).includes(entry.id)) : [];
    const changed = touched.map((other) => ({...other, values: renamed(other.values), bases: other.bases.map(renamed)}));
    const contents = {...at.contents};
    if (entry.kind === "activity") contents.activities = [...contents.activities.filter((row) => row.id !== reply.row), {id: reply.row, label: reply.name, note: entry.values.note}];
    else contents.findings = [...contents.findings.filter((row) => row.id !== reply.row), ...(reply.is_draft ? [{id: reply.row, code: reply.name, values: reply.values}] : [])];
    const pack = await shelf.packOf(id), packRow = {...pack, ...await seal.seal(at.key, `pack:${id}`, contents)};
    await shelf.change(id, {packRow, put: await Promise.all(changed.map((other) => rowOf(at, other))), drop: [entry.id]});
    at.contents = contents;
    at.entries.delete(entry.id);
    for (const other of changed) at.entries.set(other.id, other);
    if (entry.kind !== "activity" || !current) return;
    current = {...current, values: renamed(current.values), bases: current.bases.map(renamed)};
    for (const box of formOf(current).querySelectorAll("input[name=activities]")) if (box.value === entry.id) box.value = reply.row;
  });

  async function sendAll(isLast) {
    if (!session || isSending || !await flush()) return;
    isSending = true;
    let taken = 0, trouble = "";
    try {
      const first = [...session.entries.values()].sort((a, b) => Number(a.kind === "finding") - Number(b.kind === "finding") || (a.at || 0) - (b.at || 0)).map((entry) => entry.id);
      if (first.length) {
        say(words.send_sending);
        const {token, trouble: found} = await sending.standing(told, session.contents.writer);
        trouble = found || "";
        for (const entryId of trouble ? [] : first) {
          const entry = session.entries.get(entryId), waits = unsentActivities();
          const isHeld = entry.state === "conflict" || (current && current.id === entryId) || writing.missing(entry).length > 0 || (entry.values.activities || []).some((used) => waits.has(used));
          if (isHeld) continue;
          const tried = {...entry, bases: [...entry.bases, entry.values]}; // if the answer is lost, this may be what stands there
          await keep(tried);
          const reply = await sending.post(told, session.contents.writer, token, tried);
          if (reply.trouble) { trouble = reply.trouble; break; }
          if (reply.kind === "taken") { await takenAway(tried, reply); taken += 1; } else await keep(sending.after(tried, reply));
        }
      }
    } catch { trouble = "failed"; }
    isSending = false;
    // The device often says that it is online some seconds before anything can be reached.
    if (trouble === "offline" && navigator.onLine) setTimeout(() => sendAll(false), RETRY[Math.min(tries++, RETRY.length - 1)]);
    else tries = 0;
    one("[data-sign-in]").hidden = trouble !== "signedOut";
    if (isLast && !trouble && session.entries.size + session.unreadable === 0) return finish();
    if (!part("open").hidden) await list(); else await count();
    const left = session.entries.size ? put(words.send_left, {number: session.entries.size}) : words.send_allSent;
    say(trouble ? words[`send_${trouble}`] : `${put(words.send_taken, {number: taken})} ${left}`, Boolean(trouble) || session.entries.size > 0);
  }

  async function finish() {
    const {release} = session;
    session = current = null;
    wipe();
    await shelf.remove(id, told.at.shell);
    release();
    one("[data-gone]").textContent = words.send_gone;
    say(words.send_gone);
    one("[data-count]").textContent = "";
    show("gone", one("[data-gone]"));
  }

  // --- Buttons and events ----------------------------------------------------------------------------------------------
  one("[data-unlock]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = document.getElementById("pack-passphrase"), button = event.target.querySelector("button");
    const typed = field.value;
    button.disabled = true;
    try { await unlock(typed); } catch { say(words.notKept, true); }
    button.disabled = false;
    if (session) { field.value = ""; one("[data-queue-heading]").focus(); } else field.focus();
  });
  for (const button of root.querySelectorAll("[data-new]")) button.addEventListener("click", () => edit(writing.start(button.dataset.new)));
  for (const button of root.querySelectorAll("[data-send]")) button.addEventListener("click", () => sendAll(button.dataset.send === "finish"));
  one("[data-lock]").addEventListener("click", () => lock("locked"));
  for (const button of root.querySelectorAll("[data-save-file]")) button.addEventListener("click", async () => {
    await flush();
    const link = make("a"), file = new Blob([shelf.toFile(await shelf.packOf(id), await shelf.entriesOf(id))], {type: "application/octet-stream"});
    link.href = URL.createObjectURL(file);
    link.download = `${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.waymark-visit`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    say(words.fileSaved);
  });
  one("[data-remove-pack]").addEventListener("click", async () => {
    if (!await sure(put(words.removeAll, {number: (await shelf.entriesOf(id)).length}))) return;
    const release = await shelf.hold(id);
    if (!release) return say(words.elsewhere, true);
    await shelf.remove(id, told.at.shell);
    release();
    show("none");
    one("[data-count]").textContent = "";
    say(words.removed);
  });
  addEventListener("online", () => sendAll(false));
  addEventListener("focus", () => { if (session && !one("[data-sign-in]").hidden) sendAll(false); });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); }); // a page brought back has no key
  addEventListener("beforeunload", (event) => { if (isDirty) { flush(); event.preventDefault(); } });
  document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
  const isIdle = () => Date.now() - lastUse >= LIMIT;
  for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    addEventListener(kind, (event) => {
      if (session && isIdle()) { event.preventDefault(); event.stopImmediatePropagation(); lock("idle"); } else lastUse = Date.now();
    }, {capture: true, passive: false});
  }
  setInterval(() => { if (session && isIdle()) lock("idle"); }, 5000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && session && isIdle()) lock("idle"); });

  // --- What is here ----------------------------------------------------------------------------------------------------
  say("");
  try {
    if (await shelf.packOf(id)) { show("locked"); await count(); } else show("none");
  } catch { /* storage is refused: what stands on the page says what to do */ }
})();
