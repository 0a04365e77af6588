// Keeps a chosen file in the form when something else has to be mended, and says at once when it is too large.
// Without this script the form works as well; the file has then to be chosen once more.
(() => {
  const id = "with-file";

  const check = (input) => {
    const file = input.files[0];
    const tooBig = Boolean(file) && file.size > Number(input.dataset.most);
    input.setCustomValidity(tooBig ? input.dataset.tooBig : "");
    if (tooBig) input.reportValidity();
  };

  const show = (html, form) => {
    const next = new DOMParser().parseFromString(html, "text/html").getElementById(id);
    if (!next) return false;
    const chosen = form.querySelector("input[type=file]");
    const empty = next.querySelector("input[type=file]");
    if (chosen && empty) empty.replaceWith(chosen);
    form.replaceWith(document.adoptNode(next));
    document.getElementById("problems")?.focus();
    return true;
  };

  const send = async (form) => {
    const button = form.querySelector("button");
    const offline = form.querySelector("[data-offline]");
    button.disabled = true;
    offline.hidden = true;
    let answer;
    try {
      answer = await fetch(form.action || location.href, {
        method: "POST", body: new FormData(form), headers: { "X-Waymark-Form": "1" }, redirect: "manual",
      });
    } catch {
      button.disabled = false;
      offline.hidden = false;
      return;
    }
    const next = answer.headers.get("X-Waymark-Next");
    if (next) location.assign(next);
    else if (!(answer.status === 422 || answer.status === 413) || !show(await answer.text(), form)) form.submit();
  };

  document.addEventListener("submit", (event) => {
    if (event.target.id !== id || event.defaultPrevented) return;
    event.preventDefault();
    const input = event.target.querySelector("input[type=file]");
    if (input && !input.validity.valid && input.validity.customError) { input.reportValidity(); return; }
    void send(event.target);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(`#${id} input[type=file]`)) check(event.target);
  });
})();
