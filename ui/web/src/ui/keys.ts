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
  l: "/alerts",
  q: "/quality",
  u: "/outcomes",
  x: "/bill",
  s: "/settings",
};

/** Single keys: g and a page, j and k through rows, d why a row changed, c to the comparison. */
export function useKeys(go: (to: string) => void): void {
  const latest = useRef(go);
  useEffect(() => {
    latest.current = go;
  });
  useEffect(() => {
    let going = 0; // until when the second key of g counts
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || taken(event.target)) return;
      const to = Date.now() < going ? GOES[event.key] : undefined;
      going = 0;
      if (to !== undefined) latest.current(to);
      else if (event.key === "g") going = Date.now() + 1500;
      else if (event.key === "j") step(1);
      else if (event.key === "k") step(-1);
      else if (event.key === "d") row()?.querySelector<HTMLElement>("[aria-label^=explain]")?.click();
      else if (event.key === "c") document.getElementById("compare")?.focus();
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
