/* Sends entries of a visit pack, one at a time, and says what became of each. An entry keeps its id: sent twice it is taken once. */
(() => {
  "use strict";
  const PATIENCE = 20000;

  async function ask(address, options) {
    const patience = new AbortController(), timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {...options, redirect: "manual", credentials: "same-origin", cache: "no-store", signal: patience.signal});
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      return {answer, reply: isJson ? await answer.json() : {}};
    } catch { return null; } finally { clearTimeout(timer); }
  }

  /* A fresh token, or the name of what stands in the way. */
  async function standing(told, writer) {
    const heard = await ask(told.at.send, {headers: {"Accept": "application/json"}});
    if (!heard) return {trouble: "offline"};
    const {answer, reply} = heard;
    if (answer.type === "opaqueredirect" || answer.headers.has("X-Signed-Out")) return {trouble: "signedOut"};
    if (answer.status === 403 || answer.status === 404) return {trouble: "refused"};
    if (!answer.ok) return {trouble: "failed"};
    if (reply.writer !== writer) return {trouble: "other"};
    return reply.may ? {token: reply.token} : {trouble: "refused"};
  }

  /* One entry: {kind: taken, refused, conflict …} or {trouble: what stands in the way of all}. */
  async function post(told, writer, token, entry) {
    const {id, kind, target, bases, values} = entry;
    const headers = {"Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token};
    const heard = await ask(told.at.send, {method: "POST", headers, body: JSON.stringify({writer, entry: {id, kind, target, bases, values}})});
    if (!heard) return {trouble: "offline"};
    const {answer, reply} = heard;
    if (["taken", "refused", "conflict"].includes(reply.kind)) return reply;
    if (answer.type === "opaqueredirect" || answer.headers.has("X-Signed-Out")) return {trouble: "signedOut"};
    if (reply.kind === "other") return {trouble: "other"};
    return {trouble: answer.status === 403 || answer.status === 404 ? "refused" : "failed"};
  }

  /* The entry as it is after an answer; `null` once it was taken. */
  function after(entry, reply) {
    if (reply.kind === "taken") return null;
    const asked = {...entry, bases: entry.bases.slice(0, -1)}; // what was just tried stands nowhere
    if (reply.kind === "refused") return {...asked, state: "refused", errors: reply.errors, asks: reply.asks};
    return {...asked, state: "conflict", errors: {}, asks: null, fields: reply.fields, theirs: reply.theirs, merged: reply.merged, code: reply.name};
  }

  /* What a person chose: from now on it is a change of what stands in the inspection. */
  function settled(entry, chosen) {
    const {theirs, merged, fields, ...rest} = entry;
    const values = {...entry.values, ...merged};
    for (const name of fields) values[name] = chosen[name];
    return {...rest, values, bases: [theirs], state: ""};
  }

  globalThis.WaymarkSending = {standing, post, after, settled};
})();
