import type { Pulse } from "./client";

/** What is told to whoever follows. */
export interface Follower {
  booked: () => void; // something new is in the ledger
  pulse: (latest: Pulse) => void; // what runs in this second
  hears: (stands: boolean) => void; // whether the stream stands
}

/**
 * Follows what is booked. One stream serves all tabs of a browser: the tab that holds
 * the lock has it, the others listen to that tab. A hidden tab lets it go. The answer
 * ends it.
 */
export function follow(follower: Follower): () => void {
  const channel = new BroadcastChannel("bursar-live");
  let source: EventSource | null = null;
  let waiting: AbortController | null = null;
  let release: (() => void) | null = null;

  const tell = (message: string | Pulse): void => {
    if (typeof message !== "string") follower.pulse(message);
    else if (message === "booked") follower.booked();
    else follower.hears(message === "open");
  };
  const say = (message: string | Pulse): void => {
    tell(message);
    channel.postMessage(message);
  };
  const open = (): void => {
    source = new EventSource("/api/v1/live?topics=booked,pulse");
    source.addEventListener("open", () => say("open"));
    source.addEventListener("error", () => {
      say("lost");
      if (source?.readyState === EventSource.CLOSED) setTimeout(() => source && open(), 15_000); // it was refused
    });
    for (const topic of ["booked", "reset"]) source.addEventListener(topic, () => say("booked"));
    source.addEventListener("pulse", (event: MessageEvent<string>) => say(JSON.parse(event.data) as Pulse));
  };
  const close = (): void => {
    source?.close();
    release?.();
    waiting?.abort();
    source = waiting = release = null;
  };
  const start = (): void => {
    if (source || waiting) return;
    waiting = new AbortController();
    const held = (): Promise<void> =>
      new Promise((done) => {
        release = done;
        open();
      });
    navigator.locks.request("bursar-live", { signal: waiting.signal }, held).catch(() => undefined); // given up before it was ours
  };
  const look = (): void => (document.hidden ? close() : start());

  channel.onmessage = (event: MessageEvent<string | Pulse>) => tell(event.data);
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    close();
    channel.close();
  };
}
