/* Keeps every answer to a statement as it is typed. Without it each form has its own button. What could not be sent stays on the
   screen and is sent again; who meets a colleague's newer words is told, and nothing is overwritten. */
(() => {
  "use strict";
  const root = document.querySelector("[data-replies]");
  if (!root) return;
  const PAUSE = 900, RETRY = [1000, 2000, 4000, 8000, 15000, 30000], words = root.dataset;
  const keepers = [...root.querySelectorAll("form[data-reply]")].map((form) => {
    const state = form.querySelector("[data-state]");
    let timer = 0, busy = false, tries = 0, stopped = false, refused = null, kept = content();
    function content() { return new URLSearchParams([...new FormData(form)].filter(([name]) => name !== "base" && name !== "csrfmiddlewaretoken")).toString(); }
    const say = (text, isTrouble = false) => { state.textContent = text; state.classList.toggle("care", isTrouble); };
    const isUnsaved = () => !stopped && content() !== kept;
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
    async function send() {
      clearTimeout(timer);
      if (busy || !isUnsaved() || content() === refused) return;
      busy = true;
      const sent = content();
      say(words.saving);
      let answer = null, reply = {};
      try {
        answer = await fetch(form.action, {method: "POST", body: new FormData(form), headers: {"Accept": "application/json"}, redirect: "manual", credentials: "same-origin"});
        if ((answer.headers.get("Content-Type") || "").startsWith("application/json")) reply = await answer.json();
      } catch { answer = null; }
      busy = false;
      if (answer && answer.ok && reply.kind === "saved") {
        kept = sent;
        tries = 0;
        form.elements.base.value = reply.version;
        say(words.saved.replace("{time}", reply.at));
        if (isUnsaved()) later(PAUSE);
      } else if (reply.kind === "conflict") { stopped = true; say(words.conflict, true);
      } else if (reply.kind === "refused") { refused = sent; say(reply.problems.join(" "), true);
      } else if (answer && (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403)) { say(words.signedOut, true);
      } else { say(words.waiting, true); later(RETRY[Math.min(tries++, RETRY.length - 1)]); }
    }
    form.querySelector("[data-submit]").hidden = true;
    form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
    form.addEventListener("input", () => later(PAUSE));
    form.addEventListener("change", send);
    return {isUnsaved, send};
  });
  addEventListener("beforeunload", (event) => { if (keepers.some((keeper) => keeper.isUnsaved())) event.preventDefault(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepers.forEach((keeper) => keeper.send()); });
  addEventListener("online", () => keepers.forEach((keeper) => keeper.send()));
})();
