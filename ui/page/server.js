// What the page asks of the server it came from, and nobody else.

// Fault is an answer that says no, and what to do.
export class Fault extends Error {
  constructor(status, fault, request) {
    super(fault.message || `the server answered ${status}`);
    this.status = status;
    this.hint = fault.hint || "";
    this.request = request;
  }
}

async function send(method, path, more = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, credentials: "same-origin", cache: "no-store", ...more });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    throw new Fault(0, { message: "the server does not answer", hint: "see whether it runs; this page tries again by itself" }, "");
  }
  if (answer.status === 204) return null;
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Fault(answer.status, body, answer.headers.get("X-Request-Id") || "");
  return body;
}

// get asks with parameters; those without a value are left out.
export function get(path, parameters = {}, signal = undefined) {
  const given = Object.entries(parameters).filter(([, v]) => v !== "" && v !== null && v !== undefined);
  const query = new URLSearchParams(given).toString();
  return send("GET", query ? `${path}?${query}` : path, { signal });
}

// signIn turns a token into a cookie that no script can read.
export const signIn = (token) => send("POST", "/api/v1/session", {
  headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: "{}",
});

// signOut ends the session here and on the server.
export const signOut = () => send("DELETE", "/api/v1/session");

// follow calls booked when something new is in the ledger, and tells by state
// whether the stream stands. One stream serves all tabs of a browser: the tab that
// holds the lock has it, the others listen to that tab. A hidden tab lets it go.
export function follow(booked, state) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("bursar-live") : null;
  let source = null;
  let release = null;
  let waiting = null;
  const tell = (message) => {
    if (message === "booked") booked();
    else state(message === "open");
  };
  const say = (message) => {
    tell(message);
    channel?.postMessage(message);
  };
  const open = () => {
    source = new EventSource("/api/v1/live?topics=booked");
    source.addEventListener("open", () => say("open"));
    source.addEventListener("error", () => {
      say("lost");
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && open(), 15000); // it was refused, ask again later
    });
    for (const topic of ["booked", "reset"]) source.addEventListener(topic, () => say("booked"));
  };
  const close = () => {
    source?.close();
    source = null;
    release?.();
    release = null;
    waiting?.abort();
    waiting = null;
  };
  const start = () => {
    if (source || waiting) return;
    if (!navigator.locks) return open();
    waiting = new AbortController();
    const held = () => new Promise((done) => { release = done; open(); });
    navigator.locks.request("bursar-live", { signal: waiting.signal }, held).catch(() => {});
  };
  if (channel) channel.onmessage = (e) => tell(e.data);
  const look = () => (document.hidden ? close() : start());
  document.addEventListener("visibilitychange", look);
  look();
}
