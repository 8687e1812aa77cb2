import { expect, test } from "vitest";
import { months } from "./time";
import { windowOf } from "./view";
import { against, weeksOf } from "./window";
import { YEAR } from "./year.fixture";

test("a window is compared with days before, the same dates a month or a year earlier, or days of one's own", () => {
  const range = "2026-11-01..2026-11-23";
  const compared = (vs: string, days = range) => {
    const w = windowOf({ range: days, vs }, "2026-11-26", YEAR);
    return [w.compare, w.before, weeksOf(w)];
  };
  expect(compared("prev")).toEqual(["previous", "9 Oct to 31 Oct 2026", 4]);
  expect(compared("lm")).toEqual(["2026-10-01..2026-10-24", "1 Oct to 23 Oct 2026", 4]);
  expect(compared("ly")).toEqual(["2025-11-01..2025-11-24", "1 Nov to 23 Nov 2025", 52]);
  expect(compared("2026-09-01..2026-09-07")).toEqual([
    "2026-09-01..2026-09-08",
    "1 Sept to 7 Sept 2026, 23 days against 7",
    9,
  ]);
  expect(compared("none")).toEqual(["", "", 0]);
  expect(compared("lm", "2026-03-01..2026-03-31")[0]).toBe("2026-02-01..2026-03-01");
  expect(compared("lm", "2026-03-29..2026-03-30")[0]).toBe("2026-02-28..2026-03-02");
  expect([months("2024-02-29", -12), months("2026-01-31", 1)]).toEqual(["2023-02-28", "2026-02-28"]);
  expect(windowOf({ range: "lm" }, "2026-03-15", YEAR).text).toBe("1 Feb to 28 Feb 2026");
  expect(windowOf({ range: "ytd" }, "2026-01-01", YEAR).since).toBe("2025-01-01");
  expect(against(windowOf({ range, vs: "none" }, "2026-11-26", YEAR))?.text).toBe("9 Oct to 31 Oct 2026");
  expect(against(windowOf({ range: "1h" }, "2026-11-26", YEAR))).toBeNull();
});

test("months, quarters and years to date are those of the fiscal year", () => {
  const retail = {
    months: ["2026-08-30", "2026-10-04", "2026-11-01"],
    quarters: ["2026-08-02", "2026-11-01"],
    years: ["2026-02-01"],
  };
  const first = (range: string, today: string) => windowOf({ range }, today, retail).since;
  expect([first("mtd", "2026-11-26"), first("qtd", "2026-11-26"), first("ytd", "2026-11-26")]).toEqual([
    "2026-11-01",
    "2026-11-01",
    "2026-02-01",
  ]);
  expect(first("qtd", "2026-11-01")).toBe("2026-08-02"); // the quarter that was just over
  expect(windowOf({ range: "lm" }, "2026-11-26", retail)).toMatchObject({ since: "2026-10-04", until: "2026-11-01" });
  expect(windowOf({ range: "qtd" }, "2026-11-26", YEAR).since).toBe("2026-10-01");
});
