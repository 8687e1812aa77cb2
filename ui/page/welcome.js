// What is shown when there are no figures to show.

import { el } from "./dom.js";

// said words a refusal at the door; how programs send a token is of no help here.
export const said = (fault) => [fault.message, fault.status === 401 ? "" : fault.hint].filter(Boolean).join(". ");

// door asks for a token. It is sent once, in a header, for a cookie that no
// script can read, and kept nowhere.
export function door(enter, why = "") {
  const field = el("input", { id: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true, placeholder: "bursar_admin_…" });
  const error = el("p", { class: "error", role: "alert" }, why);
  const button = el("button", { class: "primary", type: "submit" }, "Sign in");
  const submit = async (e) => {
    e.preventDefault();
    button.disabled = true;
    error.textContent = "";
    try {
      await enter(field.value.trim());
    } catch (fault) {
      field.value = "";
      error.textContent = said(fault);
    }
    button.disabled = false;
    field.focus();
  };
  setTimeout(() => field.focus());
  return el("section", { class: "door card" },
    el("h1", {}, "Sign in"),
    el("form", { onsubmit: submit }, el("label", { for: "token" }, "Admin token"), field, button, error),
    el("p", { class: "soft" }, "The first one is in the file ", el("code", {}, "admin-token"), " of the server’s data folder; the server said where at its first start. ",
      "For another: ", el("code", {}, "bursar key create admin --name my-browser")));
}

function copyable(text) {
  const button = el("button", { class: "copy", type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(text);
    button.textContent = navigator.clipboard ? "Copied" : "Select it by hand";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  return el("div", { class: "code" }, el("pre", { tabindex: "0" }, el("code", {}, text)), button);
}

const event = (time) => JSON.stringify({
  specversion: "1.0", type: "com.bursarhq.usage.v1", source: "my-app", id: "call-1", time,
  data: { seller: "openai", requested_model: "gpt-5", usage: { input_tokens: 1200, output_tokens: 80 }, scope: { workflow: "first-try", run: "run-1" } },
}, null, 1).replace(/\n\s*/g, " ").replace('"data"', '\n   "data"');

const python = (time) => `import json, os, urllib.request

event = ${event(time)}
urllib.request.urlopen(urllib.request.Request(
  "${location.origin}/api/v1/events", data=json.dumps(event).encode(), method="POST",
  headers={"Authorization": "Bearer " + os.environ["BURSAR_TOKEN"], "Content-Type": "application/json"}))`;

// waiting says how to send the first event, with the lines filled in.
export function waiting() {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace(".000", "");
  const key = "export BURSAR_TOKEN=$(bursar key create events --name my-app --team my-team --application my-app)";
  const post = `curl ${location.origin}/api/v1/events \\\n  -H "Authorization: Bearer $BURSAR_TOKEN" -H 'Content-Type: application/json' \\\n  -d '${event(now)}'`;
  const card = (title, text, ...codes) => el("section", { class: "card" }, el("h2", {}, title), el("p", { class: "soft" }, text), ...codes.map(copyable));
  return el("div", { class: "waiting" },
    el("h1", {}, "Nothing booked yet"),
    el("p", { class: "lead" }, el("i", { class: "dot warn" }), "Waiting for the first event. This page shows it as soon as it is there."),
    card("Post an event", "Make a token for the program that calls models, on the server’s machine and with --data when its folder has another name than bursar-data. Then send one call.", key, post),
    card("From your program", "The same from Python, with nothing to install and the token of above in its environment.", python(now)),
    card("Import a file", "A file of usage that you have, with a mapping that says which column is which. The server books it beside its other work.", "bursar import csv usage.csv --map mapping.yaml"));
}

// trouble says what failed and what to do; again tries once more.
export function trouble(fault, again) {
  return el("div", { class: "trouble", role: "alert" },
    el("b", {}, fault.message), fault.hint ? el("p", {}, fault.hint) : null,
    fault.request ? el("p", { class: "soft" }, "Request ", el("code", {}, fault.request)) : null,
    el("button", { onclick: again }, "Try again"));
}
