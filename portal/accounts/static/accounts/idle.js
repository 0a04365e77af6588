// Two minutes before a session ends: pages save what is on them ("waymark:save-now"), and the person is asked whether they are there.
// After the end the page stays as it is. When they have signed in again, in another tab, it goes on ("waymark:signed-in").
const dialog = document.getElementById("idle");
const WARN = 120; // seconds before the end
let timer = 0;
let isOver = false;

const part = (name) => dialog.querySelector(`[data-part=${name}]`);
const clock = (seconds) => new Date(Date.now() + seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

async function ask(method) {
  const body = method === "POST" ? new URLSearchParams(new FormData(dialog.querySelector("form"))) : undefined;
  const answer = await fetch(dialog.dataset.alive, { method, body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const said = await answer.json();
  // Signing in changes the token; forms of a page that stayed open need the new one.
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = said.token;
  return said.seconds;
}

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(1, seconds) * 1000);
}

function show(name) {
  for (const one of ["warning", "over"]) part(one).hidden = one !== name;
  if (!dialog.open) dialog.showModal();
}

async function look(method = "GET") {
  let seconds;
  try {
    seconds = await ask(method === "POST" ? "POST" : "GET");
  } catch {
    return wait(30); // offline: what is on the page is still there
  }
  if (seconds === 0) {
    if (!isOver) document.dispatchEvent(new CustomEvent("waymark:signed-out"));
    isOver = true;
    show("over");
    return wait(15);
  }
  if (isOver) document.dispatchEvent(new CustomEvent("waymark:signed-in"));
  isOver = false;
  if (seconds > WARN) {
    if (dialog.open) dialog.close();
    return wait(seconds - WARN);
  }
  if (!dialog.open) {
    document.dispatchEvent(new CustomEvent("waymark:save-now"));
    part("time").textContent = clock(seconds);
    show("warning");
  }
  return wait(Math.min(seconds + 1, 10));
}

if (dialog) {
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    look("POST");
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
  wait(Number(dialog.dataset.seconds) - WARN);
}
