// The days of a view, and those it is compared with.

import { between, areDates, months, plus, span } from "./time";
import type { View } from "./view";

/** Days from one to before another, in words too. */
export interface Stretch {
  since: string;
  until: string;
  text: string;
  own: boolean; // they stand in the address
}

/** The first days of months, quarters and years around today, in the fiscal calendar of the organisation. */
export interface Beginnings {
  months: string[];
  quarters: string[];
  years: string[];
}

/** Days that are asked for, and how a chart of them is cut. */
export interface Window {
  since: string;
  until: string;
  compare: string; // as the interface is asked: previous, days of one's own, or ""
  grain: "minute" | "hour" | "day" | "week" | "month";
  text: string;
  before: string; // what it is compared with, in words, and that it has more or fewer days; "" when it is not
  earlier: Stretch | null; // the same as days
  months: string[]; // the first days of those around today, in the fiscal calendar
}

type Days = Omit<Window, "months">;

const uncompared = (since: string, until: string, grain: Window["grain"], text: string): Days => ({
  ...{ since, until, grain, text, compare: "", before: "", earlier: null },
});

/**
 * Gives the days of a view. Headline figures are of complete days, since a day that has
 * just begun would look like a fall; only "today" is open.
 */
export const windowOf = (view: View, today: string, begins: Beginnings): Window => ({
  ...daysOf(view, today, begins),
  months: begins.months,
});

function daysOf(view: View, today: string, begins: Beginnings): Days {
  const range = view.range ?? "30d";
  if (range === "today") return uncompared(today, "", "hour", "today so far");
  if (range === "1h") return uncompared(range, "", "minute", "the last 1 h");
  if (range === "24h") return uncompared(range, "", "hour", "the last 24 h");
  if (range === "all") return uncompared("", today, "week", "all days before today");
  const [since, until] = datesOf(range, today, begins);
  const grain = between(since, until) > 92 ? "week" : "day";
  const vs = view.vs ?? "prev";
  if (vs === "none") return uncompared(since, until, grain, span(since, until));
  const earlier = earlierOf(vs, since, until);
  const length = between(earlier.since, earlier.until);
  const uneven = length === between(since, until) ? "" : `, ${between(since, until)} days against ${length}`;
  return {
    ...uncompared(since, until, grain, span(since, until)),
    compare: vs === "prev" ? "previous" : `${earlier.since}..${earlier.until}`,
    before: earlier.text + uneven,
    earlier,
  };
}

/** The days that a comparison is with: as many just before, the same dates a month or a year earlier, or one's own. */
export function earlierOf(vs: string, since: string, until: string): Stretch {
  const length = between(since, until);
  const back = { lm: 1, ly: 12 }[vs];
  let [from, to] = [plus(since, -length), since];
  if (back) [from, to] = [months(since, -back), months(until, -back)];
  else if (areDates(vs)) [from, to] = [vs.slice(0, 10), plus(vs.slice(12), 1)];
  if (from >= to) to = plus(from, length); // the end of a short month has no such dates
  return { since: from, until: to, text: span(from, to), own: areDates(vs) };
}

/** The days to explain a window against: those it is compared with, else as many before; null where it has no two ends. */
export const against = (w: Window): Stretch | null =>
  w.earlier ?? (w.since && w.until ? earlierOf("prev", w.since, w.until) : null);

/** How many weeks earlier the line of a chart is, so that weekdays meet: four, a year, or what days of one's own are nearest to. */
export function weeksOf(w: Window): number {
  if (!w.earlier) return 0;
  const days = between(w.earlier.since, w.since);
  return days > 92 || w.earlier.own ? Math.round(days / 7) : 4;
}

function datesOf(range: string, today: string, begins: Beginnings): [string, string] {
  if (areDates(range)) return [range.slice(0, 10), plus(range.slice(12), 1)];
  const yesterday = plus(today, -1); // on the first of a month, that was just over is shown
  const all = { mtd: begins.months, qtd: begins.quarters, ytd: begins.years }[range];
  if (all) return [begun(all, yesterday), today];
  const month = begun(begins.months, today);
  if (range === "lm") return [begun(begins.months, plus(month, -1)), month];
  return [plus(today, -Number(range.slice(0, -1))), today];
}

/** The last of the first days that is not after a day; before all of them the day itself. */
export const begun = (all: string[], day: string): string => all.findLast((first) => first <= day) ?? day;
