// What is looked at stands in the address: a reload, a bookmark or a link to a
// colleague shows the same.

import { asWhere, readFilter } from "./filter";
import { areDates, isZone } from "./time";
import type { Window } from "./window";

export { windowOf, type Window } from "./window";

export const RANGES = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  today: "Today so far",
  "7d": "7 days",
  "30d": "30 days",
  "90d": "90 days",
  mtd: "Month to date",
  lm: "Last month",
  qtd: "Quarter to date",
  ytd: "Year to date",
  all: "All",
} as const;

/** What a window is compared with; other days stand in the address as dates. */
export const COMPARISONS = { prev: "days before", lm: "last month", ly: "last year", none: "no comparison" } as const;

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
  "source",
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
  vs?: string;
  f?: string;
  g?: string;
  g2?: string; // the dimension inside of g
  gran?: Window["grain"];
  m?: Measure;
  chart?: "line" | "share" | "heat" | "table";
  sort?: string;
  run?: string; // the one that is shown
  node?: string; // of that run
  state?: string; // of notices
  cur?: string; // the currency of figures; that of the organisation when it is not there
  tz?: "utc" | "browser"; // for times that are shown
  zone?: string; // of the days of Explore, where they are those of a vendor
  saved?: string; // the name of the view that was opened
  q?: string; // what models are searched by
  price?: string; // the seller and model whose prices are shown
  tier?: string; // the conditions of those prices
  account?: string; // at a vendor, whose bill is shown
  add?: string; // the seller and model that get a price, or "file" for prices of a file
}

/** Reads a view; what it does not know is the default. */
export function readView(given: Record<string, unknown>): View {
  const view: View = {};
  const text = (name: string): string => (typeof given[name] === "string" ? given[name] : "");
  if (text("range") in RANGES || areDates(text("range"))) view.range = text("range");
  if (text("vs") in COMPARISONS || areDates(text("vs"))) view.vs = text("vs");
  if (readFilter(text("f")).length > 0) view.f = text("f");
  if (DIMENSIONS.some((d) => d === text("g"))) view.g = text("g");
  if (DIMENSIONS.some((d) => d === text("g2"))) view.g2 = text("g2");
  if (/^(minute|hour|day|week|month)$/.test(text("gran"))) view.gran = text("gran") as Window["grain"];
  if (text("m") in MEASURES) view.m = text("m") as Measure;
  if (/^(line|share|heat|table)$/.test(text("chart"))) view.chart = text("chart") as View["chart"];
  if (/^-?[a-z_]{1,20}$/.test(text("sort"))) view.sort = text("sort");
  if (text("run")) view.run = text("run");
  if (/^[A-Z]{3}$/.test(text("cur"))) view.cur = text("cur");
  if (/^\d{1,6}$/.test(text("node"))) view.node = text("node");
  if (/^(waiting|delivered|given_up)$/.test(text("state"))) view.state = text("state");
  if (text("tz") === "utc" || text("tz") === "browser") view.tz = text("tz") as View["tz"];
  if (isZone(text("zone"))) view.zone = text("zone");
  if (text("saved") && text("saved").length <= 80) view.saved = text("saved");
  for (const name of ["q", "price", "tier", "account"] as const) if (text(name)) view[name] = text(name).slice(0, 200);
  for (const name of ["q", "price", "tier", "add"] as const) if (text(name)) view[name] = text(name).slice(0, 200);
  return view;
}

/** The names of what an address says and a view does not know. */
export const unknownOf = (given: Record<string, unknown>, view: View): string[] =>
  Object.keys(given).filter((name) => given[name] !== undefined && !(name in view));
/** The range of a page whose address names none: that of the live one is the last hour. */
export const rangeOf = (view: View, path: string): string => view.range ?? (path === "/agents" ? "1h" : "30d");

/** A question to GET /api/v1/spend. */
export interface Question {
  by?: string;
  measures?: string;
  since?: string;
  until?: string;
  zone?: string;
  compare?: string;
  grain?: string;
  currency?: string;
  top?: string;
  where?: string[];
}

/** Asks for a view, with what one panel adds. Empty parameters are left out. */
export function questionOf(view: View, w: Window, more: Question): Question {
  const priced = /\bcost\b/.test(more.measures ?? "");
  const own = { ...(view.zone && { zone: view.zone }) };
  const all = { since: w.since, until: w.until, ...own, ...(priced && view.cur && { currency: view.cur }), ...more };
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
