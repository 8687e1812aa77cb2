import { useEffect, useRef } from "react";

/** Where g and a second key lead, when there is such a page. */
export const GOES: Record<string, string> = {
  o: "/",
  e: "/explore",
  w: "/workflows",
  a: "/agents",
  d: "/adoption",
  r: "/runs",
  b: "/budgets",
  f: "/forecast",
  l: "/alerts",
  q: "/quality",
  c: "/reconciliation",
  u: "/outcomes",
  x: "/bill",
  s: "/settings",
};

const OFF = "bursar-keys-off";

/** Says whether keys of a single letter do something in this browser. */
export const keysAreOn = (): boolean => localStorage.getItem(OFF) === null;

/** Turns them on or off. */
export const turnKeys = (on: boolean): void => (on ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));

// What a key has the focus go to.
const PLACES: Record<string, string> = { "/": "filter", t: "range", c: "compare" };

function focus(event: KeyboardEvent, id = ""): void {
  event.preventDefault(); // the key is not typed into it
  document.getElementById(id)?.focus();
}

/** Single keys: g and a page, j and k through rows, d why a row changed, others to parts of the frame. */
export function useKeys(does: { go: (to: string) => void; help: () => void }): void {
  const latest = useRef(does);
  useEffect(() => {
    latest.current = does;
  });
  useEffect(() => {
    let going = 0; // until when the second key of g counts
    const press = (event: KeyboardEvent): void => {
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        event.defaultPrevented ||
        !keysAreOn() ||
        taken(event.target)
      )
        return;
      const to = Date.now() < going ? GOES[event.key] : undefined;
      going = 0;
      if (to !== undefined) latest.current.go(to);
      else if (event.key === "g") going = Date.now() + 1500;
      else if (event.key === "j") step(1);
      else if (event.key === "k") step(-1);
      else if (event.key === "d") row()?.querySelector<HTMLElement>("[aria-label^=explain]")?.click();
      else if (PLACES[event.key]) focus(event, PLACES[event.key]);
      else if (event.key === "v") document.getElementById("views")?.click();
      else if (event.key === "y") void navigator.clipboard.writeText(location.href);
      else if (event.key === "?") latest.current.help();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

// taken says whether keys are typed into something, or a dialog has them.
const taken = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("input, select, textarea, [role=dialog], [role=menu]") !== null;

const row = (): HTMLTableRowElement | null => document.activeElement?.closest<HTMLTableRowElement>("tbody tr") ?? null;

// step goes to what opens the next row of the table that has the focus, or of the first.
function step(by: 1 | -1): void {
  const now = row();
  const opens = "tbody tr :is(button, a)";
  const table = now?.closest("table") ?? [...document.querySelectorAll("table")].find((t) => t.querySelector(opens));
  const rows = [...(table?.querySelectorAll("tbody tr") ?? [])].filter((one) => one.querySelector("button, a"));
  const at = now ? rows.indexOf(now) + by : 0;
  rows[Math.max(0, Math.min(at, rows.length - 1))]?.querySelector<HTMLElement>("button, a")?.focus();
}
