import type { Forecast, ForecastRow } from "../api/client";
import { apportion } from "../lib/apportion";
import { divide, ONE, units } from "../lib/decimal";
import { cents, exact, money } from "../lib/format";
import { dates, dayOf, plus } from "../lib/time";
import { nameOf } from "../ui/series";
import { SpendTable, type Column } from "../ui/spend-table";

interface Line {
  id: string;
  row: ForecastRow;
  before: bigint | null;
  mean: bigint | null;
  booked: bigint | null;
}

/** The days that are measured and those that are forecast, in few words. */
export function datesOf(f: Forecast): { first: string; past: string; ahead: string } {
  const first = dayOf(Date.parse(f.from), f.tz);
  return { first, past: dates(plus(first, -f.days), first), ahead: dates(first, plus(first, f.days)) };
}

/** By what a group is forecast. */
function basis(row: ForecastRow): string {
  if (row.methods.length === 0 && !row.by_quantities) return "what is booked";
  return row.by_quantities ? "quantities \u00d7 prices" : "its past";
}

/** What each group will cost: rows add up to the total. */
export function ForecastTable({ forecast: f, dimension }: { forecast: Forecast; dimension: string }) {
  const [whole, ...rows] = f.rows;
  if (!whole) return null;
  const { past, ahead } = datesOf(f);
  const shown = (of: (row: ForecastRow) => string | null): (bigint | null)[] =>
    apportion(rows.map(of).map(units), units(of(whole)));
  const before = shown((row) => row.before);
  const mean = shown((row) => row.mean);
  const booked = shown((row) => row.booked_ahead);
  const lines = rows.map((row, i): Line => ({
    id: row.other ? "\u0000" : (row.keys[dimension] ?? ""),
    row,
    before: before[i] ?? null,
    mean: mean[i] ?? null,
    booked: booked[i] ?? null,
  }));
  const figure = (text: string | null, n: bigint | null) =>
    text === null ? (
      <span title="no day has an exchange rate">no rate</span>
    ) : (
      <span title={exact(text, f.currency)} data-exact={text}>
        {cents(n, units(text), f.currency)}
      </span>
    );
  const total = (text: string | null) => figure(text, divide(units(text) ?? 0n, ONE / 100n));
  const bound = (row: ForecastRow, side: "low" | "high", level = 0) => {
    const one = row.intervals[level];
    if (!one || one.refused) return <span title={one?.refused}>{"\u2013"}</span>;
    return <span title={exact(one[side], f.currency)}>{money(units(one[side]), f.currency)}</span>;
  };
  const columns: Column<Line>[] = [
    {
      id: "name",
      name: dimension.replace("_", " ").replace(/^./, (c) => c.toUpperCase()),
      by: (l) => l.id,
      foot: "Total",
      show: (l) => (l.row.other ? "Other" : nameOf(l.id, dimension)),
    },
    {
      id: "before",
      name: `Measured ${past}`,
      by: (l) => units(l.row.before),
      foot: total(whole.before),
      show: (l) => figure(l.row.before, l.before),
    },
    {
      id: "mean",
      name: `Forecast ${ahead}`,
      by: (l) => units(l.row.mean),
      foot: total(whole.mean),
      show: (l) => figure(l.row.mean, l.mean),
    },
    ...(f.rows.some((row) => units(row.booked_ahead))
      ? [
          {
            id: "booked",
            name: "Of it booked",
            by: (l: Line) => units(l.row.booked_ahead),
            foot: total(whole.booked_ahead),
            show: (l: Line) => figure(l.row.booked_ahead, l.booked),
          },
        ]
      : []),
    {
      id: "low",
      name: "80% from",
      by: (l) => units(l.row.intervals[0]?.low),
      foot: bound(whole, "low"),
      show: (l) => bound(l.row, "low"),
    },
    {
      id: "high",
      name: "to",
      by: (l) => units(l.row.intervals[0]?.high),
      foot: bound(whole, "high"),
      show: (l) => bound(l.row, "high"),
    },
    {
      id: "basis",
      name: "By",
      foot: "its parts",
      show: (l) =>
        l.row.by_analogy ? (
          <span title={`${l.row.history_days} days of history: as ${l.row.analogy}`}>analogy</span>
        ) : (
          <span title={l.row.methods.join(", ")}>{basis(l.row)}</span>
        ),
    },
  ];
  return <SpendTable label="What comes next" columns={columns} lines={lines} sort="-mean" idOf={(l) => l.id} />;
}
