// What is looked at stands in the address: a reload, a bookmark or a link to a
// colleague shows the same.

import { plus, span } from "./time.js";

const RANGES = { today: "Today", "7d": "7 days", "30d": "30 days", "90d": "90 days", all: "All" };
const DEFAULTS = { range: "30d", chart: "bars", rows: "top", sort: "spend" };
const CHOICES = {
  range: Object.keys(RANGES), chart: ["bars", "table"], rows: ["top", "all"],
  sort: ["spend", "change", "calls", "outcomes", "unit", "orphan"],
};

export const ranges = () => Object.entries(RANGES);

// read gives the view of the address; what it does not know is the default.
export function read() {
  const given = new URLSearchParams(location.search);
  const view = { ...DEFAULTS };
  for (const [name, allowed] of Object.entries(CHOICES)) {
    if (allowed.includes(given.get(name))) view[name] = given.get(name);
  }
  return view;
}

// write puts a view into the address, without what is the default.
export function write(view) {
  const query = new URLSearchParams(Object.entries(view).filter(([name, value]) => value !== DEFAULTS[name])).toString();
  history.pushState(null, "", query ? `?${query}` : location.pathname);
}

// windowOf gives the days of a view. Headline figures are of complete days, since
// a day that has just begun would look like a fall; only "today" is open.
export function windowOf(view, today) {
  if (view.range === "today") return { since: today, until: "", compare: "", grain: "hour", text: "today so far" };
  if (view.range === "all") return { since: "", until: today, compare: "", grain: "week", text: "all days before today" };
  const days = Number(view.range.slice(0, -1));
  const since = plus(today, -days);
  return {
    since, until: today, compare: "previous", grain: "day", text: span(since, today), complete: true,
    before: span(plus(since, -days), since),
  };
}

// asks are the questions of a view, each answered by one request.
export function asks(view, today) {
  const w = windowOf(view, today);
  const whole = view.rows === "all" || view.sort !== "spend";
  const measures = "cost,calls,unpriced_calls";
  return {
    table: ["/api/v1/spend", { by: "workflow", measures, since: w.since, until: w.until, compare: w.compare, top: whole ? 500 : 20 }],
    layers: ["/api/v1/spend", { by: "workflow", measures: "cost", since: w.since, grain: w.grain, top: 7 }],
    bars: ["/api/v1/spend", { measures: "cost", since: w.since, grain: w.grain }],
    outcomes: ["/api/v1/outcomes", { since: w.since, until: w.until }],
    today: ["/api/v1/spend", { measures, since: today }],
  };
}
