// What is looked at stands in the address: a reload, a bookmark or a link to a
// colleague shows the same.

import { asWhere, readFilter } from "./filter";
import { between, plus, span } from "./time";

export const RANGES = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  today: "Today so far",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  mtd: "Month to date",
  all: "All",
} as const;

export const DIMENSIONS = [
  "team",
  "application",
  "workflow",
  "agent",
  "model",
  "seller",
  "environment",
  "cost_centre",
  "feature",
  "customer",
  "project",
] as const;

export const MEASURES = {
  cost: "Spend",
  calls: "Calls",
  prompt_tokens: "Prompt tokens",
  completion_tokens: "Completion tokens",
  unpriced_calls: "Unpriced calls",
} as const;

export type Measure = keyof typeof MEASURES;

/** The view as the address holds it; what is not there is the default. */
export interface View {
  range?: string;
  vs?: "none";
  f?: string;
  g?: string;
  m?: Measure;
  chart?: "table";
  sort?: string;
  run?: string; // the one that is shown
  node?: string; // of that run
  state?: string; // of notices
}

const DATES = /^\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}$/;

/** Reads a view; what it does not know is the default. */
export function readView(given: Record<string, unknown>): View {
  const view: View = {};
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  if (text("range") in RANGES || DATES.test(text("range"))) view.range = text("range");
  if (text("vs") === "none") view.vs = "none";
  if (readFilter(text("f")).length > 0) view.f = text("f");
  if (DIMENSIONS.some((d) => d === text("g"))) view.g = text("g");
  if (text("m") in MEASURES) view.m = text("m") as Measure;
  if (text("chart") === "table") view.chart = "table";
  if (/^-?[a-z_]{1,20}$/.test(text("sort"))) view.sort = text("sort");
  if (text("run")) view.run = text("run");
  if (/^\d{1,6}$/.test(text("node"))) view.node = text("node");
  if (/^(waiting|delivered|given_up)$/.test(text("state"))) view.state = text("state");
  return view;
}

/** The names of what an address says and a view does not know. */
export const unknownOf = (given: Record<string, unknown>, view: View): string[] =>
  Object.keys(given).filter((name) => !(name in view));
/** The range of a page whose address names none: that of the live one is the last hour. */
export const rangeOf = (view: View, path: string): string => view.range ?? (path === "/agents" ? "1h" : "30d");

/** Days that are asked for, and how a chart of them is cut. */
export interface Window {
  since: string;
  until: string;
  compare: string;
  grain: "hour" | "day" | "week";
  text: string;
  before: string;
}

/**
 * Gives the days of a view. Headline figures are of complete days, since a day that has
 * just begun would look like a fall; only "today" is open.
 */
export function windowOf(view: View, today: string): Window {
  const range = view.range ?? "30d";
  if (range === "today")
    return { since: today, until: "", compare: "", grain: "hour", text: "today so far", before: "" };
  if (range === "1h" || range === "24h")
    return {
      since: range,
      until: "",
      compare: "",
      grain: "hour",
      text: `the last ${range.slice(0, -1)} h`,
      before: "",
    };
  if (range === "all")
    return { since: "", until: today, compare: "", grain: "week", text: "all days before today", before: "" };
  const [since, until] = datesOf(range, today);
  const length = between(since, until);
  const compared = view.vs !== "none";
  return {
    since,
    until,
    compare: compared ? "previous" : "",
    grain: length > 92 ? "week" : "day",
    text: span(since, until),
    before: compared ? span(plus(since, -length), since) : "",
  };
}

function datesOf(range: string, today: string): [string, string] {
  if (DATES.test(range)) return [range.slice(0, 10), plus(range.slice(12), 1)];
  if (range === "mtd") return [`${plus(today, -1).slice(0, 8)}01`, today];
  return [plus(today, -Number(range.slice(0, -1))), today];
}

/** A question to GET /api/v1/spend. */
export interface Question {
  by?: string;
  measures?: string;
  since?: string;
  until?: string;
  compare?: string;
  grain?: string;
  top?: string;
  where?: string[];
}

/** Asks for a view, with what one panel adds. Empty parameters are left out. */
export function questionOf(view: View, w: Window, more: Question): Question {
  const all = { since: w.since, until: w.until, ...more };
  const asked = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  const where = readFilter(view.f ?? "").map(asWhere);
  return where.length > 0 ? { ...asked, where: [...where, ...(more.where ?? [])] } : asked;
}

/** Writes a question as the command line asks it. */
export function asCommand(q: Question): string {
  const quote = (text: string): string => (/^[\w.,:=!-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const flags = Object.entries(q).flatMap(([name, value]) =>
    [value].flat().map((one: string) => `--${name} ${quote(one)}`),
  );
  return ["bursar spend", ...flags].join(" ");
}
