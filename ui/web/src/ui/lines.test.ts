import { expect, test } from "vitest";
import type { Answer } from "../api/client";
import { apportionTo, beyond, shownTotal } from "../lib/apportion";
import { units, written } from "../lib/decimal";
import { cut, grainsOf } from "../lib/grain";
import { windowOf } from "../lib/view";
import { linesOf } from "./lines";
import { bucketName, bucketsOf, dotted, layersOf, partialOf } from "./series";
import { YEAR } from "../lib/year.fixture";

const row = (keys: Record<string, string>, cost: string | null) => ({ keys, values: { cost } });
const answer = (rows: ReturnType<typeof row>[], cost: string, other?: string) =>
  ({
    rows,
    other: other ? { count: 3, values: { cost: other }, rows: [] } : null,
    total: { values: { cost } },
  }) as unknown as Answer;

test("rows, other and what lies inside of a row sum to what is shown above them", () => {
  const outer = answer([row({ team: "a" }, "1.005"), row({ team: "" }, "1.004")], "2.014", "0.005");
  const inside = answer(
    [
      row({ model: "x", team: "a" }, "0.5025"),
      row({ model: "y", team: "a" }, "0.5"),
      row({ model: "x", team: "" }, "1.004"),
    ],
    "2.014",
    "0.0075",
  );
  const made = linesOf(outer, "team", "cost", { dimension: "model", answer: inside });
  // eslint-disable-next-line no-restricted-syntax -- that they sum to the total is what is tested
  const sum = (all: { shown: bigint | null }[]) => all.reduce((n, l) => n + (l.shown ?? 0n), 0n);
  expect(sum(made.lines)).toBe(made.total);
  expect(made.lines.map((l) => l.key)).toEqual(["a", "", "other (3)"]);
  for (const line of made.lines.slice(0, 2)) expect(sum(line.inside)).toBe(line.shown);
  expect(made.lines[0]?.inside.map((l) => [l.key, l.rest, l.row.values.cost])).toEqual([
    ["x", undefined, "0.5025"],
    ["y", undefined, "0.5"],
    ["", true, "0.0025"], // what the server left to other
  ]);
});

test("cents go to cents that stand already, and what is beyond is told", () => {
  const parts = ["0.005", "0.004", "0.001"].map((text) => units(text));
  expect(apportionTo(parts, 1n)).toEqual([1n, 0n, 0n]);
  expect(apportionTo(parts, 2n)).toEqual([1n, 1n, 0n]);
  expect(shownTotal([units("0.005"), null], units("0.015"))).toBe(2n);
  expect(written(beyond(units("1"), [units("0.4"), null]))).toBe("0.6");
  expect([written(0n), written(-1n), written(units("120") ?? 0n)]).toEqual(["0", "-0.000000000001", "120"]);
});

test("a window is cut as finely as it can be drawn", () => {
  const month = windowOf({ range: "2026-10-15..2026-11-14" }, "2026-11-26", YEAR);
  expect(grainsOf(month)).toEqual(["day", "week", "month"]);
  expect([cut(month, "hour").grain, cut(month, "month").grain]).toEqual(["day", "month"]);
  expect(cut(windowOf({ range: "7d" }, "2026-11-26", YEAR), "hour").grain).toBe("hour");
  expect(grainsOf(windowOf({ range: "24h" }, "2026-11-26", YEAR))).toEqual(["hour"]);
  const last = windowOf({ range: "1h" }, "2026-11-26", YEAR);
  expect([last.grain, cut(last, "hour").grain, cut(last, "day").grain]).toEqual(["minute", "hour", "minute"]);
  const buckets = ["2026-10-01", "2026-11-01"];
  expect([...partialOf(buckets, cut(month, "month"), "2026-11-26", 0)]).toEqual(buckets);
});

test("the last hour has each of its minutes, and those that it cuts are marked", () => {
  const now = Date.parse("2026-11-26T09:30:20Z");
  const last = windowOf({ range: "1h" }, "2026-11-26", YEAR);
  const values = new Map([
    ["2026-11-26T09:31:00+01:00", "1"],
    ["2026-11-26T10:30:00+01:00", "2"],
  ]);
  const minutes = bucketsOf([{ key: "a", name: "a", colour: 1, values }], last, [now - 3_600_000, now - 1]);
  expect([minutes.length, minutes[0], minutes[1], minutes.at(-1)]).toEqual([
    61,
    "2026-11-26T08:30:00.000Z",
    "2026-11-26T09:31:00+01:00",
    "2026-11-26T10:30:00+01:00",
  ]);
  expect([...partialOf(minutes, last, "2026-11-26", now)]).toEqual([minutes[0], minutes[60]]);
  expect(bucketName(minutes[0] ?? "", { grain: "minute", zone: "Europe/Berlin" }, "axis")).toBe("09:30");
  expect(bucketsOf([], last, [now - 3_620_000, now - 20_001]).length).toBe(60);
  expect(bucketsOf([], last)).toEqual([]);
});

test("hours, weeks and months without figures stand in their places", () => {
  const some = (...buckets: string[]) => [
    { key: "a", name: "a", colour: 1, values: new Map(buckets.map((bucket) => [bucket, "1"])) },
  ];
  const day = windowOf({ range: "7d" }, "2026-11-26", YEAR);
  const kolkata = Date.parse("2026-11-19T00:00:00+05:30");
  const hours = bucketsOf(some("2026-11-19T02:00:00+05:30"), cut(day, "hour"), [kolkata, kolkata + 10_800_000 - 1]);
  expect(hours).toEqual(["2026-11-18T18:30:00.000Z", "2026-11-18T19:30:00.000Z", "2026-11-19T02:00:00+05:30"]);
  const autumn = windowOf({ range: "2026-09-10..2026-11-10" }, "2026-11-26", YEAR);
  const weeks = bucketsOf(some("2026-09-14T00:00:00+02:00", "2026-10-26T00:00:00+01:00"), cut(autumn, "week"));
  expect([weeks.length, weeks[0], weeks[1], weeks.at(-1)]).toEqual([
    10,
    "2026-09-07",
    "2026-09-14T00:00:00+02:00",
    "2026-11-09",
  ]);
  expect(bucketsOf(some("2026-11-01"), cut(autumn, "month"))).toEqual(["2026-09-01", "2026-10-01", "2026-11-01"]);
  const old = windowOf({ range: "2023-11-10..2024-02-10" }, "2026-11-26", YEAR);
  expect(bucketsOf(some("2023-11-01", "2024-02-01"), cut(old, "month")).length).toBe(4);
  const all = bucketsOf(some("2026-11-02"), windowOf({ range: "all" }, "2026-11-26", YEAR));
  expect(all).toEqual(["2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"]);
});

test("fiscal months without figures stand in their places too, and end where the next begins", () => {
  const weeks = { ...YEAR, months: ["2026-08-02", "2026-08-30", "2026-09-27", "2026-11-01", "2026-11-29"] };
  const autumn = cut(windowOf({ range: "2026-08-02..2026-10-31" }, "2026-11-26", weeks), "month");
  const some = (...days: string[]) => [{ key: "a", name: "a", colour: 1, values: new Map(days.map((d) => [d, "1"])) }];
  const buckets = bucketsOf(some("2026-08-02", "2026-09-27"), autumn);
  expect(buckets).toEqual(["2026-08-02", "2026-08-30", "2026-09-27"]);
  expect([...partialOf(buckets, autumn, "2026-11-26", 0)]).toEqual([]);
  const early = cut(windowOf({ range: "2026-06-20..2026-08-10" }, "2026-11-26", weeks), "month");
  expect(bucketsOf(some("2026-06-28", "2026-08-02"), early)).toEqual(["2026-06-28", "2026-08-02"]);
});

test("a day alone on a line is a dot, others are none", () => {
  const dot = (value: number) => ({ value, symbol: "circle", symbolSize: 5 });
  expect(dotted([1, null, 2, 3, null, 4], 5)).toEqual([dot(1), null, 2, 3, null, dot(4)]);
});

test("other and what has no value are told apart by their tone", () => {
  const cost = { cost: "1" };
  const rows = [{ bucket: "2026-11-05", keys: { team: "" }, values: cost }];
  const answer = { rows, other: { rows: [{ bucket: "2026-11-05", keys: {}, values: cost }] } } as unknown as Answer;
  expect(layersOf(answer, "team", "cost").map((s) => [s.name, s.colour])).toEqual([
    ["(no team)", 8],
    ["other", 9],
  ]);
});
