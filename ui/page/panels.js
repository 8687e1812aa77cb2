// The parts of the page, each from the answer to one question. Totals are the
// server's; nothing is added up here.

import { apportion, cents, change, count, exact, headline, money, percent, unitCost, units } from "./decimal.js";
import { el } from "./dom.js";
import { age } from "./time.js";

const FINALITY = {
  live: ["live", "events still happen in this window"],
  provisional: ["provisional", "the invoice is not in"],
  final: ["final", "its periods are closed"],
  restated: ["restated", "corrected after its periods were closed"],
};

// nameOf writes a workflow; usage without one says so.
export const nameOf = (key) => (key === "" ? "(no workflow)" : key);

// delta is a change with an arrow: more spend is marked as more, not as bad.
function delta(now, before, plain = false) {
  const c = change(now, before);
  return el("span", { class: plain || c.direction === 0 ? "flat" : c.direction > 0 ? "up" : "down" }, c.text);
}

// freshness is how old the newest event is, and whether the page hears of new ones.
export function freshness(meta, hears, now) {
  if (!meta?.last_event_at) return [el("i", { class: "dot warn" }), "no event yet"];
  const old = now - Date.parse(meta.last_event_at);
  const tone = old < 60_000 ? "ok" : old < 300_000 ? "warn" : "crit";
  return [el("i", { class: `dot ${tone}` }), hears ? "Live, last event " : "Last event ", el("b", {}, age(old))];
}

// strip is what must be known before a figure is believed.
export function strip(answer) {
  const { meta, total } = answer;
  const [word, why] = FINALITY[meta.finality] ?? [meta.finality, ""];
  const unpriced = meta.unpriced.length ? `${count(units(String(meta.unpriced[0].lines)))} calls` : "none";
  const quantities = meta.unpriced.map((u) => `${count(units(u.quantity))} ${u.unit.replace("_", " ")}`).join(", ");
  const items = [
    el("li", { id: "freshness" }),
    el("li", { title: why }, "Finality ", el("b", {}, word), meta.final_through ? el("span", { class: "soft" }, ` final to ${meta.final_through}`) : ""),
    el("li", { title: "share of spend from usage that was estimated" }, "Estimated ", el("b", {}, share(meta.estimated))),
    el("li", { title: quantities ? `${quantities}; outside every total` : "every call has a price" },
      el("i", { class: `dot ${meta.unpriced.length ? "warn" : "ok"}` }), "Unpriced ", el("b", {}, unpriced)),
    el("li", { title: "what calls without a known cost may come to; outside every total" }, "Exposure up to ", el("b", {}, money(units(total.exposure), meta.currency))),
    el("li", { title: "share of spend without a team" }, "Unattributed ", el("b", {}, share(meta.unallocated))),
  ];
  if (total.open_calls) items.push(el("li", { title: "calls that have begun and are not settled" }, "Open ", el("b", {}, `${count(units(String(total.open_calls)))} calls`)));
  if (total.unconverted_lines) {
    const waits = total.unconverted.map((m) => money(units(m.amount), m.currency)).join(", ");
    items.push(el("li", { title: "amounts in a currency without an exchange rate; outside every total" }, el("i", { class: "dot warn" }), "Unconverted ", el("b", {}, waits || `${count(units(String(total.unconverted_lines)))} lines`)));
  }
  if (meta.fx) items.push(el("li", { title: `converted by the rate of the ${meta.fx.basis}` }, "Exchange rates to ", el("b", {}, meta.fx.as_of.slice(0, 10))));
  if (meta.demo) items.push(el("li", { class: "end" }, el("span", { class: "badge" }, "Demo data")));
  return items;
}

const share = (part) => (part.share === null ? "\u2013" : percent(units(part.share)));

function tile(title, value, note, hover = "") {
  return el("section", { class: "tile", title: hover }, el("h3", {}, title), el("p", { class: "value" }, value), el("p", { class: "note" }, ...[note].flat()));
}

// tiles are the headline figures; an answer that is missing leaves its tile saying so.
export function tiles({ table, today, outcomes }, w) {
  const all = [spendTile(table, w), w.until ? todayTile(today) : null, callsTile(table, w), withTile(outcomes), unitTile(outcomes), unattributedTile(table)];
  return all.filter((t) => t !== null);
}

function spendTile(answer, w) {
  const currency = answer.meta.currency;
  const before = answer.total.previous?.cost;
  const note = before === undefined ? w.text : [delta(units(answer.total.cost), units(before)), ` from ${headline(units(before), currency)}`];
  return tile("Spend", headline(units(answer.total.cost), currency), note, `${exact(answer.total.cost, currency)}, ${w.text}${w.before ? `, against ${w.before}` : ""}`);
}

function todayTile(answer) {
  if (!answer) return tile("Today so far", "\u2013", "");
  const calls = count(units(String(answer.total.calls)));
  return tile("Today so far", headline(units(answer.total.cost), answer.meta.currency), `${calls} calls`, exact(answer.total.cost, answer.meta.currency));
}

function callsTile(answer, w) {
  const now = units(String(answer.total.calls));
  const before = answer.total.previous?.calls;
  const note = before === undefined ? w.text : [delta(now, units(before), true), ` from ${count(units(before))}`];
  return tile("Calls", count(now), note, `${answer.total.calls} calls, ${w.text}`);
}

function withTile(answer) {
  if (!answer) return tile("Spend with an outcome", "\u2013", "not known here");
  const { total, meta } = answer;
  if (!answer.rows.some((r) => units(r.outcomes) > 0n)) return tile("Spend with an outcome", "\u2013", "no outcome linked yet");
  return tile("Spend with an outcome", percent(units(total.with_outcome_share)), `${headline(units(total.orphan), meta.currency)} without one`,
    `${exact(total.orphan, meta.currency)} in runs without an outcome that stands, or in no run`);
}

// unitTile shows what the dearest result costs: results of several workflows are of
// several kinds, so they have no cost per outcome together.
function unitTile(answer) {
  const rows = answer?.rows.filter((r) => r.cost_per_outcome !== null) ?? [];
  if (!rows.length) return tile("Cost per outcome", "\u2013", answer ? "no outcome linked yet" : "not known here");
  const dearest = rows.reduce((a, b) => (units(b.cost_per_outcome) > units(a.cost_per_outcome) ? b : a));
  return tile(`Cost per ${dearest.definition || "outcome"}`, unitCost(units(dearest.cost_per_outcome), answer.meta.currency),
    `${nameOf(dearest.workflow)}${rows.length > 1 ? ", the dearest" : ""}`, `${exact(dearest.cost_per_outcome, answer.meta.currency)}: all spend of ${nameOf(dearest.workflow)} over ${dearest.outcomes} outcomes`);
}

function unattributedTile(answer) {
  const { unallocated, currency } = answer.meta;
  return tile("Unattributed", share(unallocated), `${headline(units(unallocated.amount), currency)} without a team`, exact(unallocated.amount, currency));
}

const COLUMNS = [
  { id: "workflow", name: "Workflow" },
  { id: "spend", name: "Spend", n: true }, { id: "change", name: "Change", n: true }, { id: "calls", name: "Calls", n: true },
  { id: "outcomes", name: "Outcomes", n: true }, { id: "unit", name: "Cost per outcome", n: true },
  { id: "with", name: "With outcome", n: true }, { id: "orphan", name: "Orphan spend", n: true },
];

// workflows is the table under the chart. Rows and "other" add up to the total, the
// shown cents too.
export function workflows({ table, outcomes }, view, w, go) {
  const results = new Map((outcomes?.rows ?? []).map((r) => [r.workflow, r]));
  const rows = table.rows.map((r) => ({ key: r.keys.workflow, values: r.values, previous: r.previous, result: results.get(r.keys.workflow) }));
  const only = table.other?.rows.length === 1 ? table.other.rows[0] : null; // of one window there is one
  const other = table.other ? { values: table.other.values, previous: only?.previous } : null;
  const parts = apportion([...rows, ...(other ? [other] : [])].map((r) => units(r.values.cost)), units(table.total.values.cost));
  [...rows, ...(other ? [other] : [])].forEach((r, i) => { r.cents = parts[i]; });
  const show = { currency: table.meta.currency, compare: Boolean(w.compare), outcomes: Boolean(outcomes) };
  const columns = COLUMNS.filter((c) => (c.id !== "change" || show.compare) && (show.outcomes || !["outcomes", "unit", "with", "orphan"].includes(c.id)));
  const sorted = view.sort === "spend" ? rows : rows.slice().sort((a, b) => descending(rank(a, view.sort), rank(b, view.sort)));
  const body = sorted.map((r) => line(columns, r, show, nameOf(r.key)));
  if (other) body.push(line(columns, other, show, table.other.count === null ? "Other" : `Other, ${table.other.count} workflows`, "other"));
  const total = { values: table.total.values, previous: table.total.previous, cents: null, result: outcomes ? { ...outcomes.total, outcomes: null, cost_per_outcome: null } : undefined };
  return el("div", { class: "scroll" }, el("table", { class: "data" },
    el("caption", { class: "hidden" }, `Workflows, ${w.text}, sorted by ${view.sort}`),
    el("thead", {}, el("tr", {}, ...columns.map((c) => heading(c, view, go)))),
    el("tbody", {}, ...body),
    el("tfoot", {}, line(columns, total, show, "Total"))));
}

function heading(c, view, go) {
  if (c.id === "workflow" || c.id === "with") return el("th", { scope: "col", class: c.n ? "n" : "" }, c.name);
  const on = view.sort === c.id;
  return el("th", { scope: "col", class: "n", "aria-sort": on ? "descending" : null },
    el("button", { class: on ? "sort on" : "sort", onclick: () => go({ sort: c.id }) }, c.name, on ? " \u2193" : ""));
}

function rank(row, by) {
  const r = row.result;
  const texts = { calls: row.values.calls, outcomes: r?.outcomes, unit: r?.cost_per_outcome, orphan: r?.orphan };
  if (by !== "change") return units(texts[by]);
  const [now, before] = [units(row.values.cost), units(row.previous?.cost)];
  return now === null || before === null ? null : now - before;
}

function descending(a, b) {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a < b ? 1 : a > b ? -1 : 0;
}

function line(columns, row, show, name, kind = "") {
  const cells = {
    workflow: () => el("th", { scope: "row", class: kind || (row.key === "" ? "soft" : "") }, name),
    spend: () => spendCell(row, show),
    change: () => el("td", { class: "n", title: row.previous ? `from ${exact(row.previous.cost, show.currency)}` : "" },
      row.previous ? delta(units(row.values.cost), units(row.previous.cost)) : "\u2013"),
    calls: () => el("td", { class: "n", title: row.values.calls }, count(units(row.values.calls))),
    outcomes: () => el("td", { class: "n" }, row.result?.outcomes ? plainCount(row.result) : ""),
    unit: () => unitCell(row, show),
    with: () => el("td", { class: "n" }, row.result?.with_outcome_share ? meter(units(row.result.with_outcome_share)) : ""),
    orphan: () => el("td", { class: "n", title: row.result ? exact(row.result.orphan, show.currency) : "" },
      row.result && row.result.orphan !== null ? money(units(row.result.orphan), show.currency) : ""),
  };
  return el("tr", { class: kind }, ...columns.map((c) => cells[c.id]()));
}

function spendCell(row, show) {
  const cost = units(row.values.cost);
  const missing = units(row.values.unpriced_calls);
  const text = cost === null ? el("span", { class: "warn" }, "unpriced") : row.cents === null ? money(cost, show.currency) : cents(row.cents, cost, show.currency);
  const note = missing > 0n && cost !== null ? `; ${count(missing)} calls unpriced` : "";
  return el("td", { class: "n", title: `${exact(row.values.cost, show.currency)}${note}` }, text);
}

const plainCount = (r) => {
  const n = units(r.outcomes);
  if (n === 0n && units(r.claimed) === 0n && r.reversed === 0) return "\u2013";
  return el("span", { title: `${r.definition || "results"}: ${r.claimed} claimed and not verified, ${r.reversed} reversed` }, count(n));
};

function unitCell(row, show) {
  const r = row.result;
  if (!r || r.outcomes === null) return el("td", { class: "n" });
  if (r.cost_per_outcome === null) return el("td", { class: "n soft" }, units(r.outcomes) > 0n ? "unpriced" : "no outcome");
  const label = r.definition ? `${exact(r.cost_per_outcome, show.currency)} per ${r.definition}` : exact(r.cost_per_outcome, show.currency);
  return el("td", { class: "n strong", title: label }, unitCost(units(r.cost_per_outcome), show.currency));
}

function meter(part) {
  const bar = el("meter", { min: "0", max: "1", value: String(Number(part) / 1e12), "aria-hidden": "true" });
  return [bar, el("span", { class: "share" }, percent(part))];
}
