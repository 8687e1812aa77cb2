import { expect, test } from "vitest";
import { apportion } from "./apportion";
import { costs, divide, fixed, units } from "./decimal";
import { asWhere, narrow, readFilter, writeFilter } from "./filter";
import { axis, cents, change, count, exact, headline, money, percent, price, unitCost, unitCosts } from "./format";
import { bucketsOf, layersOf, partialOf, weeksOn } from "../ui/series";
import type { Answer } from "../api/client";
import { age, dayOf, days, moment, plus, span } from "./time";
import { asCommand, questionOf, readView, unknownOf, windowOf } from "./view";
import { YEAR } from "./year.fixture";

const usd = (f: (u: bigint | null, currency: string) => string, text: string) => f(units(text), "USD");

test("small money keeps two significant digits, and none is $0.00", () => {
  const cases = {
    "0": "$0.00",
    "0.000021": "$0.000021",
    "-0.00367": "−$0.0037",
    "0.005": "$0.005",
    "167830.065": "$167,830.06",
    "-3.015": "−$3.02",
  };
  for (const [text, want] of Object.entries(cases)) expect(usd(money, text)).toBe(want);
  expect(money(null, "USD")).toBe("unpriced");
  expect(money(units("1"), "CHF")).toBe("CHF\u00a01.00");
  expect(usd(money, "12345678901234567890.125")).toBe("$12,345,678,901,234,567,890.12");
  expect(() => units("1e5")).toThrow(TypeError);
});

test("prices have two to four places, and a quantity costs what it says", () => {
  expect(["4", "6.875", "0.13", "0.00004"].map((t) => usd(price, t))).toEqual(["$4.00", "$6.875", "$0.13", "$0.00004"]);
  const million = units("636000") ?? 0n;
  expect(costs(million, units("0.4") ?? 0n, 1_000_000n)).toBe(units("0.2544"));
  expect(moment("2026-11-24T23:30:00Z", "Europe/Zurich")).toBe("25 Nov 2026, 00:30");
});

test("headlines, unit costs, counts, shares and scales", () => {
  expect(["871.4", "758722.6", "12400000"].map((t) => usd(headline, t))).toEqual([
    "$871.40",
    "$758,723",
    "$12.40\u00a0M",
  ]);
  expect(["1.98", "0.50263", "0.5", "0.00041"].map((t) => usd(unitCost, t))).toEqual([
    "$1.98",
    "$0.5026",
    "$0.50",
    "$0.00041",
  ]);
  const column = ["2.13", "0.064", null, "0.00041"].map((t) => units(t));
  expect(column.map(unitCosts(column, "EUR"))).toEqual(["€2.1300", "€0.0640", "\u2013", "€0.00041"]);
  expect([units("2.13"), units("12")].map(unitCosts([units("2.13"), units("12")], "EUR"))).toEqual(["€2.13", "€12.00"]);
  expect(["9412", "24401", "692000000000"].map((t) => count(units(t)))).toEqual([
    "9,412",
    "24.4\u00a0k",
    "692.0\u00a0B",
  ]);
  expect([percent(units("0.303")), percent(null), exact(null, "USD")]).toEqual(["30.3%", "–", "unpriced"]);
  expect([percent(units("9.989")), percent(units("12.41")), percent(units("-2"))]).toEqual([
    "998.9%",
    "×12.4",
    "−200.0%",
  ]);
  expect([0, 150000, 1050000, 1.5, -200].map((v) => axis(v, "USD"))).toEqual([
    "$0",
    "$150k",
    "$1.05M",
    "$1.50",
    "−$200",
  ]);
});

test("a change has a direction, and no base is new", () => {
  expect(change(units("130.3"), units("100"))).toEqual({ text: "▲ 30.3%", direction: 1 });
  expect(change(units("90"), units("100"))).toEqual({ text: "▼ 10.0%", direction: -1 });
  expect(change(units("1240"), units("100"))).toEqual({ text: "×12.4", direction: 1 });
  expect(change(units("5"), units("0")).text).toBe("new");
  expect(change(null, units("1")).text).toBe("–");
});

test("rounding is half to even", () => {
  expect([divide(5n, 10n), divide(15n, 10n), divide(-15n, 10n), divide(7n, -2n)]).toEqual([0n, 2n, -2n, -4n]);
  expect(fixed(-1n, 2)).toBe("−0.01");
});

test("shown parts sum to the shown total", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647);
  for (let round = 0; round < 1000; round++) {
    const parts = Array.from({ length: 1 + (random() % 9) }, () => BigInt(random() - 900_000_000) * 1_234_567n);
    const total = parts.reduce((a, b) => a + b, 0n);
    const shown = apportion(parts, total);
    expect(shown.reduce<bigint>((a, b) => a + (b ?? 0n), 0n)).toBe(divide(total, 10n ** 10n));
  }
  expect(apportion([units("1.005"), null], units("1.005"))).toEqual([100n, null]);
  expect(cents(0n, units("0.004"), "USD")).toBe("$0.004");
});

test("a zone of days is asked for, and one that is none is left out", () => {
  const w = windowOf({ range: "2026-10-01..2026-10-31" }, "2026-11-26", YEAR);
  const view = readView({ zone: "America/Los_Angeles" });
  expect(questionOf(view, w, {})).toEqual({ since: "2026-10-01", until: "2026-11-01", zone: "America/Los_Angeles" });
  for (const odd of ["Mars/Olympus", "+02:00", "", "<b>"]) expect(readView({ zone: odd })).toEqual({});
});

test("days are those of the zone", () => {
  const late = Date.parse("2026-10-24T22:30:00Z");
  expect([dayOf(late, "UTC"), dayOf(late, "Europe/Berlin")]).toEqual(["2026-10-24", "2026-10-25"]);
  expect(plus("2026-10-25", 1)).toBe("2026-10-26");
  expect(span("2026-10-27", "2026-11-26")).toBe("27 Oct to 25 Nov 2026");
  expect(span("2025-12-27", "2026-01-26")).toBe("27 Dec 2025 to 25 Jan 2026");
  expect(days("2026-02-27", "2026-03-02")).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  expect([age(4000), age(3 * 3600_000)]).toEqual(["4 s ago", "3 h ago"]);
});

test("filters go through the address and back, whatever their values hold", () => {
  const all = [
    { dimension: "team", values: ["a,b", "50%;!"], not: false },
    { dimension: "model", values: [""], not: true },
  ];
  expect(readFilter(writeFilter(all))).toEqual(all);
  expect(readFilter("nothing;:x;!:y")).toEqual([]);
  expect(asWhere({ dimension: "team", values: ["x", "y"], not: true })).toBe("team!=x,y");
  expect(asWhere({ dimension: "team", values: ["a,b", "c\\"], not: false })).toBe("team=a\\,b,c\\\\");
  expect(narrow(all, "team", "c")).toEqual([all[1], { dimension: "team", values: ["c"], not: false }]);
});

test("a view of the address keeps what it knows", () => {
  expect(
    readView({ range: "7d", m: "calls", g: "team", f: "team:x", sort: "-spend", vs: "plan", chart: "pie" }),
  ).toEqual({ range: "7d", m: "calls", g: "team", f: "team:x", sort: "-spend" });
  const given = { range: "7d", m: "pie", odd: "1" };
  expect(unknownOf(given, readView(given))).toEqual(["m", "odd"]);
  const w = windowOf({ range: "2026-11-01..2026-11-23" }, "2026-11-26", YEAR);
  expect([w.since, w.until, w.before]).toEqual(["2026-11-01", "2026-11-24", "9 Oct to 31 Oct 2026"]);
  for (const odd of ["2026-02-01..2026-02-30", "2026-13-01..2026-13-02", "2026-11-02..2026-11-01"])
    expect(readView({ range: odd, vs: odd })).toEqual({});
  expect(windowOf({ range: "mtd" }, "2026-11-01", YEAR).since).toBe("2026-10-01");
  const question = questionOf({ f: "team:it's" }, w, { by: "model", compare: "" });
  expect(asCommand(question)).toBe(
    "bursar spend --since 2026-11-01 --until 2026-11-24 --by model --where 'team=it'\\''s'",
  );
});

test("a bucket that is not whole is marked, and a day without figures is a gap and no zero", () => {
  const week = windowOf({ range: "2026-11-04..2026-11-12" }, "2026-11-26", YEAR);
  const weeks = ["2026-11-02", "2026-11-09"];
  expect([...partialOf(weeks, { ...week, grain: "week" }, "2026-11-26", 0)]).toEqual(weeks);
  expect([...partialOf(["2026-11-25", "2026-11-26"], week, "2026-11-26", 0)]).toEqual(["2026-11-26"]);
  const now = Date.parse("2026-11-26T09:30:00Z");
  const hours = ["2026-11-26T08:00:00Z", "2026-11-26T09:00:00Z"];
  expect([...partialOf(hours, { ...week, grain: "hour" }, "2026-11-26", now)]).toEqual([hours[1]]);
  const rows = [{ bucket: "2026-11-05", keys: { team: "a" }, values: { cost: "0" } }];
  const answer = { rows, other: null } as unknown as Answer;
  const layers = layersOf(answer, "team", "cost");
  const values = layers[0]?.values;
  expect(bucketsOf(layers, week).map((day) => values?.get(day))[1]).toBe("0");
  expect(bucketsOf(layers, week).map((day) => values?.get(day))[0]).toBeUndefined();
  expect(weeksOn(answer, "cost", ["2026-12-03", "2026-12-04"], 4)?.get("2026-12-03")).toBe("0");
});
