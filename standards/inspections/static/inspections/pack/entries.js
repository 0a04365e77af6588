/* Entries of a visit pack and the two forms they are written in: fills choices from the pack, reads and writes fields, shows what is wrong. */
(() => {
  "use strict";
  const FIELDS = {
    finding: ["standard", "indicators", "kind", "text", "severity", "likelihood", "is_urgent", "evidence", "activities", "sample", "repeats", "hold_back"],
    activity: ["method", "on", "headcount", "interpreter", "language_group", "note"],
  };
  const MANY = ["indicators", "activities"], TICKS = ["is_urgent", "hold_back", "interpreter"], WORDS = ["text", "evidence", "note"];
  const FROM_PACK = ["standard", "sample", "repeats"], GRAVE = ["shortfall", "serious_concern"];

  const make = (tag, text = "", name = "") => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const today = () => { const now = new Date(); return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10); };

  function blank(kind) {
    const values = {};
    for (const name of FIELDS[kind]) values[name] = MANY.includes(name) ? [] : TICKS.includes(name) ? false : "";
    return kind === "finding" ? {...values, kind: "strength"} : {...values, method: "survivor", on: today(), headcount: "0"};
  }
  const start = (kind, more = {}) => ({id: crypto.randomUUID(), kind, target: "", code: "", bases: [], values: blank(kind), state: "", errors: {}, asks: null, ...more});

  /* Nothing of a person's own stands in it yet: such an entry is neither kept nor sent. */
  const isEmpty = (entry) => !entry.target && WORDS.every((name) => !(entry.values[name] || "").trim()) && same({...entry.values, text: "", evidence: "", note: ""}, blank(entry.kind));

  /* Names of fields without which it would be refused for certain. */
  function missing(entry) {
    const {values} = entry, needed = entry.kind === "finding" ? ["standard", "kind", "text"] : ["method", "on", "headcount"];
    return [...needed, ...(GRAVE.includes(values.kind) ? ["severity"] : [])].filter((name) => !String(values[name] || "").trim());
  }

  // --- What can be chosen ----------------------------------------------------------------------------------------------
  function choicesOf(name, contents, entries, words, standard) {
    if (name === "standard") return contents.standards.map((one) => [one.id, `${one.code} · ${one.title}`]);
    if (name === "indicators") return contents.indicators.filter((one) => one.standard === standard).map((one) => [one.id, `${one.code} · ${one.text}`]);
    if (name === "sample") return contents.samples.map((one) => [one.id, one.label]);
    if (name === "repeats") return contents.earlier.map((one) => [one.id, one.label]);
    const unsent = entries.filter((one) => one.kind === "activity").map((one) => [one.id, `${words.isNew}: ${titleOf(one, contents, words)}`]);
    return [...contents.activities.map((one) => [one.id, one.label]), ...unsent];
  }

  const optionText = (kind, name, value) => {
    const field = document.querySelector(`form[data-entry="${kind}"] [name="${name}"]`);
    const found = field && field.options ? [...field.options].find((one) => one.value === value && value) : null;
    return found ? found.textContent : value;
  };

  /* A value in words. */
  function shown(entry, name, value, contents, entries, words) {
    if (TICKS.includes(name)) return value ? words.yes : words.no;
    if (MANY.includes(name) || FROM_PACK.includes(name)) {
      const known = new Map(name === "indicators" ? contents.indicators.map((one) => [one.id, `${one.code} · ${one.text}`]) : choicesOf(name, contents, entries, words));
      return [value].flat().filter(Boolean).map((one) => known.get(one) || words.unknown).join("; ") || words.none;
    }
    return WORDS.includes(name) ? value || words.none : optionText(entry.kind, name, value) || words.none;
  }

  function titleOf(entry, contents, words) {
    if (entry.kind === "activity") return `${optionText("activity", "method", entry.values.method)}, ${entry.values.on}`;
    const standard = contents.standards.find((one) => one.id === entry.values.standard);
    return [optionText("finding", "kind", entry.values.kind), standard ? `${standard.code} · ${standard.title}` : ""].filter(Boolean).join(" · ") || words.untitled;
  }

  /* A value that the pack does not know (a colleague wrote it meanwhile) stays chosen, so that nobody takes it away unseen. */
  function fill(form, entry, contents, entries, words) {
    for (const name of FROM_PACK) {
      const field = form.elements[name];
      if (!field) continue;
      const choices = choicesOf(name, contents, entries, words), value = entry.values[name];
      if (value && !choices.some(([id]) => id === value)) choices.push([value, words.unknown]);
      field.replaceChildren(field.options[0], ...choices.map(([id, text]) => new Option(text, id)));
    }
    for (const name of MANY) if (document.getElementById(`${entry.kind}_${name}`)) tickable(form, entry, name, contents, entries, words);
  }

  function tickable(form, entry, name, contents, entries, words) {
    const chosen = entry.values[name], choices = choicesOf(name, contents, entries, words, entry.values.standard);
    const known = name === "indicators" ? contents.indicators.map((one) => one.id) : choices.map(([id]) => id);
    for (const id of chosen) if (!known.includes(id)) choices.push([id, words.unknown]);
    const made = choices.map(([id, text], number) => {
      const label = make("label"), box = make("input");
      box.type = "checkbox";
      box.name = name;
      box.value = id;
      box.checked = chosen.includes(id);
      box.id = `${entry.kind}_${name}_${number}`;
      label.append(box, ` ${text}`);
      const row = make("div");
      row.append(label);
      return row;
    });
    document.getElementById(`${entry.kind}_${name}`).replaceChildren(...made);
  }

  // --- Fields ----------------------------------------------------------------------------------------------------------
  function write(form, entry) {
    for (const name of FIELDS[entry.kind]) {
      const field = form.elements[name];
      if (MANY.includes(name) || !field) continue;
      if (TICKS.includes(name)) field.checked = entry.values[name] === true; else field.value = entry.values[name];
    }
  }

  function read(form, entry) {
    const values = {};
    for (const name of FIELDS[entry.kind]) {
      if (MANY.includes(name)) values[name] = [...form.querySelectorAll(`input[name="${name}"]:checked`)].map((one) => one.value);
      else values[name] = TICKS.includes(name) ? form.elements[name].checked : form.elements[name].value;
    }
    const looked = form.querySelector("[data-looked]");
    return looked && looked.checked ? {...values, looked: looked.value} : values;
  }

  /* As the pages online show it: at the field, and the question whether one has looked at what may tell who somebody is. */
  function showErrors(form, entry) {
    for (const old of form.querySelectorAll(".errorlist, [data-question]")) old.remove();
    for (const old of form.querySelectorAll(".wrong")) old.classList.remove("wrong");
    for (const old of form.querySelectorAll("[aria-invalid]")) old.removeAttribute("aria-invalid");
    const list = (texts) => { const made = make("ul", "", "errorlist"); made.append(...texts.map((text) => make("li", text))); return made; };
    for (const [name, texts] of Object.entries(entry.errors)) {
      if (name === "looked") continue;
      const field = form.elements[name] instanceof RadioNodeList ? form.elements[name][0] : form.elements[name];
      const box = (field || document.getElementById(`${entry.kind}_${name}`) || {closest: () => null}).closest(".field");
      if (!box) { form.prepend(list(texts)); continue; }
      box.classList.add("wrong");
      if (field) field.setAttribute("aria-invalid", "true");
      (box.querySelector("label, legend")).after(list(texts));
    }
    if (!entry.asks) return;
    const box = make("div", "", "field wrong"), label = make("label", "", "tick"), tick = make("input");
    box.dataset.question = "";
    tick.type = "checkbox";
    tick.value = entry.asks.value;
    tick.dataset.looked = "";
    tick.checked = entry.values.looked === entry.asks.value;
    label.append(tick, make("span", entry.asks.label));
    box.append(make("p", entry.asks.found, "help"), list(entry.errors.looked || []), label);
    form.querySelector(".actions").before(box);
  }

  /* No word of the pack stays in a form. */
  function wipe(form, kind) {
    for (const old of form.querySelectorAll(".errorlist, [data-question]")) old.remove();
    form.reset();
    for (const name of FROM_PACK) if (form.elements[name]) form.elements[name].replaceChildren(form.elements[name].options[0]);
    for (const name of MANY) document.getElementById(`${kind}_${name}`)?.replaceChildren();
  }

  globalThis.WaymarkEntries = {WORDS, make, same, start, isEmpty, missing, shown, titleOf, fill, tickable, write, read, showErrors, wipe};
})();
