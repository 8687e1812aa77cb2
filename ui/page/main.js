// The first page: who is signed in, what they look at, and when it is asked anew.

import { asTable, chart, legend } from "./chart.js";
import { units } from "./decimal.js";
import { el, put } from "./dom.js";
import { freshness, nameOf, strip, tiles, workflows } from "./panels.js";
import { Fault, follow, get, signIn, signOut } from "./server.js";
import { dayOf, days, long, plus, short } from "./time.js";
import { asks, ranges, read, windowOf, write } from "./view.js";
import { door, said, trouble, waiting } from "./welcome.js";

const bar = document.getElementById("bar");
const main = document.getElementById("main");
const app = { who: null, view: read(), answers: {}, hears: false, skew: 0, asked: null, colours: new Map() };

const now = () => Date.now() + app.skew;
const today = () => dayOf(now(), app.who.zone);

// The one-time link of the demo carries the token behind the #, which browsers
// keep to themselves. It leaves the address before anything else happens.
async function start() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    history.replaceState(null, "", location.pathname + location.search);
    try {
      await signIn(token);
    } catch (fault) {
      return showDoor(said(fault));
    }
  }
  await enter();
}

async function enter() {
  try {
    app.who = await get("/api/v1/session");
  } catch (fault) {
    if (fault.status === 401) return showDoor();
    return put(main, trouble(fault, enter));
  }
  app.skew = Date.parse(app.who.now) - Date.now();
  frame();
  put(main, el("p", { class: "plain soft", role: "status", id: "slow" }, "Reading the ledger…"));
  await load();
  if (!app.following) follow(changed, (stands) => { app.hears = stands; tick(); });
  app.following = true;
}

function showDoor(why) {
  app.who = null;
  put(bar, brand());
  put(main, door(async (token) => {
    await signIn(token);
    await enter();
  }, why));
}

const brand = () => el("a", { class: "brand", href: "/" }, el("img", { src: "/icon.svg", alt: "", width: "18", height: "18" }), "Bursar");

function frame() {
  const choose = ranges().map(([id, name]) => el("button", { "aria-pressed": String(app.view.range === id), onclick: () => go({ range: id }) }, name));
  put(bar, brand(),
    el("span", { class: "organisation" }, app.who.organisation || ""),
    app.who.demo ? el("span", { class: "badge" }, "DEMO") : null,
    el("nav", { class: "ranges", "aria-label": "Window" }, ...choose),
    el("button", { class: "quiet", onclick: leave }, "Sign out"));
  document.title = app.who.demo ? "DEMO · Bursar" : "Bursar";
}

async function leave() {
  await signOut().catch(() => {});
  location.reload();
}

function go(change) {
  app.view = { ...app.view, ...change };
  write(app.view);
  frame();
  load();
}

window.addEventListener("popstate", () => {
  app.view = read();
  if (!app.who) return;
  frame();
  load();
});

// load asks all questions of the view at once and shows each answer; one that
// fails says so in its own place.
async function load(quiet = false) {
  app.asked?.abort();
  const mine = (app.asked = new AbortController());
  const busy = quiet ? [] : [setTimeout(() => slow("still working"), 3000), setTimeout(() => slow("slow; keep waiting, or choose a shorter window"), 10000)];
  if (!quiet) main.setAttribute("aria-busy", "true");
  const day = today();
  const questions = Object.entries(asks(app.view, day));
  const answers = {};
  await Promise.all(questions.map(async ([name, [path, parameters]]) => {
    answers[name] = await get(path, parameters, mine.signal).catch((fault) => fault);
  }));
  busy.forEach(clearTimeout);
  if (mine.signal.aborted) return;
  main.removeAttribute("aria-busy");
  if (Object.values(answers).some((a) => a instanceof Fault && a.status === 401)) return showDoor("your session is over; sign in again");
  app.answers = answers;
  app.day = day;
  show();
}

function slow(text) {
  const note = document.getElementById("slow");
  if (note) note.textContent = text;
}

// changed is called when something was booked: today is asked at once and the
// rest at leisure, without dimming what is read.
let due = null;
let whole = 0;
function changed() {
  if (due || document.hidden || !app.who) return;
  due = setTimeout(async () => {
    due = null;
    if (!app.answers.today?.meta?.last_event_at || app.day !== today() || Date.now() - whole > 30_000) {
      whole = Date.now();
      return load(true);
    }
    const answer = await get(...asks(app.view, app.day).today).catch(() => null);
    if (!answer) return;
    app.answers.today = answer;
    showTiles();
    tick();
  }, 2500);
}

function tick() {
  const place = document.getElementById("freshness");
  if (place) put(place, ...freshness(app.answers.today?.meta ?? app.answers.table?.meta, app.hears, now()));
}
setInterval(tick, 1000);
setInterval(() => { if (!app.hears) changed(); }, 15_000);

function show() {
  const { table } = app.answers;
  if (table instanceof Fault) return put(main, trouble(table, () => load()));
  if (!table.meta.last_event_at) return put(main, waiting());
  const w = windowOf(app.view, app.day);
  put(main,
    el("div", { class: "head" }, el("h1", {}, "Overview"), el("p", { class: "soft" }, sentence(w)), el("span", { id: "slow", class: "soft", role: "status" })),
    el("ul", { class: "strip" }, ...strip(table)),
    table.total.calls === 0 ? empty(w) : null,
    el("div", { class: "tiles", id: "tiles" }),
    chartPanel(w),
    tablePanel(w),
    el("p", { class: "foot soft" }, `Times in ${app.who.zone}. Query ${table.meta.query_id}. `, el("a", { href: "/api/v1/openapi.yaml" }, "API")));
  showTiles();
  tick();
}

const sentence = (w) => [w.text, w.complete ? ", complete days" : "", w.before ? `; change against ${w.before}` : ""].join("");

function empty(w) {
  const others = app.answers.today?.total?.calls > 0;
  return el("p", { class: "notice" }, `No call in ${w.text}. `,
    others ? el("button", { class: "link", onclick: () => go({ range: "today" }) }, "Show today so far") : el("button", { class: "link", onclick: () => go({ range: "all" }) }, "Show all"));
}

const known = (name) => (app.answers[name] instanceof Error ? null : app.answers[name]);

function showTiles() {
  const place = document.getElementById("tiles");
  const all = { table: app.answers.table, today: known("today"), outcomes: known("outcomes") };
  if (place) put(place, ...tiles(all, windowOf(app.view, app.day)));
}

// series gives each workflow its colour, and keeps it while it is shown.
function series(layers) {
  const order = [];
  const byKey = new Map();
  const take = (key, name, row) => {
    if (!byKey.has(key)) {
      byKey.set(key, { key, name, values: new Map() });
      order.push(byKey.get(key));
    }
    byKey.get(key).values.set(row.bucket, row.values.cost);
  };
  for (const row of layers.rows) take(row.keys.workflow, nameOf(row.keys.workflow), row);
  for (const row of layers.other?.rows ?? []) take(null, "other", row);
  const sums = new Map();
  for (const s of order) sums.set(s, [...s.values.values()].reduce((a, text) => a + Number(units(text) ?? 0n), 0)); // an order of layers, shown nowhere
  const named = order.filter((s) => s.key !== null).sort((a, b) => sums.get(b) - sums.get(a));
  paint(named);
  const other = order.find((s) => s.key === null);
  if (other) other.class = "c8";
  return other ? [...named, other] : named;
}

function paint(named) {
  const kept = new Map([...app.colours].filter(([key]) => named.some((s) => s.key === key)));
  const free = [1, 2, 3, 4, 5, 6, 7].filter((n) => ![...kept.values()].includes(n));
  for (const s of named) {
    if (s.key === "") s.class = "c0";
    else {
      if (!kept.has(s.key)) kept.set(s.key, free.shift());
      s.class = `c${kept.get(s.key)}`;
    }
  }
  app.colours = kept;
}

function chartData(w) {
  const { layers, bars } = app.answers;
  const totals = new Map(bars.rows.map((r) => [r.bucket, r.values.cost]));
  const day = (bucket) => bucket.slice(0, 10);
  const found = [...totals.keys()].sort();
  const byDay = new Map(found.map((b) => [day(b), b]));
  const first = w.since || (found.length ? day(found[0]) : app.day);
  const step = w.grain === "week" ? 7 : 1;
  const buckets = w.grain === "hour" ? found : days(first, plus(app.day, 1), step).map((d) => byDay.get(d) ?? d);
  const last = buckets.at(-1);
  const clock = (b) => b.slice(11, 16);
  return {
    buckets, totals, series: series(layers), currency: layers.meta.currency, partial: new Set(last ? [last] : []),
    unit: { hour: "Hour", day: "Day", week: "Week from" }[w.grain],
    label: `Spend by workflow over time, ${w.text}`,
    name: (b) => (w.grain === "hour" ? `${long(day(b))}, ${clock(b)}` : w.grain === "week" ? `Week from ${long(day(b))}` : long(day(b))),
    tick: (b) => (w.grain === "hour" ? clock(b) : short(day(b))),
  };
}

function chartPanel(w) {
  const failed = [app.answers.layers, app.answers.bars].find((a) => a instanceof Error);
  const title = el("h2", {}, "Spend by workflow");
  if (failed) return el("section", { class: "card" }, title, trouble(failed, () => load()));
  const data = chartData(w);
  const asked = app.view.chart === "table";
  const note = { hour: "by hour, this hour so far hatched", day: "by day, today so far hatched", week: "by week, this week so far hatched" }[w.grain];
  return el("section", { class: "card" },
    el("div", { class: "title" }, title, el("span", { class: "soft" }, note),
      el("button", { class: "quiet", "aria-pressed": String(asked), onclick: () => go({ chart: asked ? "bars" : "table" }) }, asked ? "View as chart" : "View as table")),
    legend(data), asked ? asTable(data) : chart(data));
}

function tablePanel(w) {
  const { table, outcomes } = app.answers;
  const results = known("outcomes");
  const whole = !table.other;
  const note = whole ? `${table.rows.length} with usage; rows add up to the total` : `the ${table.rows.length} with most spend; rows and other add up to the total`;
  return el("section", { class: "card" },
    el("div", { class: "title" }, el("h2", {}, "Workflows"), el("span", { class: "soft" }, note),
      whole && app.view.rows === "top" ? null : el("button", { class: "quiet", onclick: () => go({ rows: whole ? "top" : "all", sort: "spend" }) }, whole ? "Show the top" : "Show all")),
    workflows({ table, outcomes: results }, app.view, w, go),
    results || outcomes.status === 404 ? null : trouble(outcomes, () => load()));
}

start();
