/* "Still true?" in one keystroke: y confirms, e edits, x discards the answer in focus, and the next one comes into focus.
   Keys work only while a card itself has the focus, so that nobody's screen reader or typing is disturbed. */
(() => {
  "use strict";
  const list = document.querySelector("[data-still-true]");
  if (!list) return;
  const cards = () => [...list.querySelectorAll("[data-carried]:not(.decided)")];

  const go = (from, step) => {
    const all = [...list.querySelectorAll("[data-carried]")];
    for (let at = all.indexOf(from) + step; at >= 0 && at < all.length; at += step) {
      if (!all[at].classList.contains("decided")) {
        all[at].focus();
        return;
      }
    }
  };

  const decide = async (card, form, act) => {
    const said = card.querySelector("[data-said]");
    if (card.dataset.busy) return;
    card.dataset.busy = "yes";
    said.textContent = list.dataset.wait;
    const body = new FormData(form);
    body.set("act", act);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "error" });
      if (answer.status !== 204) {
        // Somebody was quicker, or the session is over: the form itself leads to the page that says so.
        form.dataset.plain = "yes";
        form.requestSubmit(form.querySelector(`button[value="${act}"]`));
        return;
      }
    } catch {
      said.textContent = list.dataset.failed;
      delete card.dataset.busy;
      return;
    }
    said.textContent = act === "confirm" ? list.dataset.kept : list.dataset.gone;
    card.classList.add("decided");
    form.hidden = true;
    go(card, 1);
    if (!cards().length) location.reload();
  };

  list.addEventListener("submit", (event) => {
    const card = event.target.closest("[data-carried]");
    if (!card || event.target.dataset.plain || !event.submitter) return;
    event.preventDefault();
    decide(card, event.target, event.submitter.value);
  });

  list.addEventListener("keydown", (event) => {
    const card = event.target;
    if (!card.matches("[data-carried]") || event.ctrlKey || event.metaKey || event.altKey) return;
    const form = card.querySelector("form");
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") go(card, key === "j" ? 1 : -1);
    else if (form && !form.hidden && key === "y") decide(card, form, "confirm");
    else if (form && !form.hidden && key === "x") decide(card, form, "discard");
    else if (key === "e") card.querySelector("[data-edit]")?.click();
    else return;
    event.preventDefault();
  });

  const named = location.hash && document.getElementById(location.hash.slice(1));
  (named && named.matches("[data-carried]") ? named : cards()[0])?.focus({ preventScroll: !named });
})();
