import type { Answer, Standing, Workload } from "../api/client";
import { pixels, units } from "../lib/decimal";
import { count } from "../lib/format";
import type { Window } from "../lib/view";
import { bucketsOf, keyOf, nameOf } from "../ui/series";
import type { Line } from "../ui/slices";
import { shareOf } from "../ui/slices-columns";
import { Spark } from "../ui/spark";
import type { Column } from "../ui/spend-table";

export { callCostColumn, outcomeColumn, runColumns } from "./workload-costs";
export { queryOf, useParts, usePartsOnce, usePulse, useUsual } from "./workload-asked";
type Parts = Map<string, Workload>;

/** The cost in each bucket; a bucket without a figure is a gap. */
export const trendColumn = (parts: Parts, w: Window, dimension: string): Column<Line> => {
  const points = [...parts.values()].flatMap((one) => one.trend ?? []);
  const known = new Map(points.map((point) => [point.bucket, point.cost]));
  const buckets = bucketsOf([{ key: null, name: "", colour: 0, values: known }], w);
  return {
    id: "trend",
    name: "Trend",
    foot: "",
    show: (l) => {
      const trend = parts.get(l.key)?.trend;
      if (l.rest || !trend || buckets.length < 2) return "\u2013";
      const at = new Map(trend.map((point) => [point.bucket, point.cost]));
      const label = `spend of ${nameOf(l.key, dimension)} by ${w.grain}`;
      return <Spark values={buckets.map((bucket) => pixels(at.get(bucket) ?? null))} label={label} />;
    },
  };
};

/** How many calls one run makes at p50 and p95. */
export const callsColumn = (parts: Parts): Column<Line> => ({
  id: "run_calls",
  name: "Calls per run p50 / p95",
  by: (l) => units(String(parts.get(l.key)?.per_run?.calls_p95 ?? 0)),
  foot: "",
  show: (l) => {
    const runs = parts.get(l.key)?.per_run;
    return runs ? `${count(units(String(runs.calls_p50)))} / ${count(units(String(runs.calls_p95)))}` : "\u2013";
  },
});

/** The share of calls that ended well. */
export const endedColumn = (ended: Answer | undefined, dimension: string): Column<Line>[] => {
  if (!ended) return [];
  const of = new Map(ended.rows.map((row) => [row.keys[dimension] ?? keyOf(row), row.values.calls]));
  const whole = ended.total.values.calls;
  return [
    {
      id: "ended",
      name: "Ended well",
      foot: "",
      show: (l) => (l.rest || whole === undefined ? "" : shareOf(of.get(l.key) ?? "0", l.row.values.calls)),
    },
  ];
};

/** Whether a budget that names it is near its limit or over it. */
export const stateColumn = (parts: Parts): Column<Line> => ({
  id: "state",
  wide: "wide",
  name: "State",
  by: (l) => (tightest(parts.get(l.key)) ? stateOf(tightest(parts.get(l.key))) : null),
  foot: "",
  show: (l) => {
    const budget = tightest(parts.get(l.key));
    return budget ? <State budget={budget} /> : "\u2013";
  },
});

/** How a budget stands, in a word. */
export const stateOf = (b: Standing | undefined): "over" | "near limit" | "ok" =>
  !b || b.used_percent < 80 ? "ok" : b.used_percent < 100 ? "near limit" : "over";

/** Says how a budget stands. */
export function State({ budget }: { budget: Standing }) {
  const state = stateOf(budget);
  return <span className={`chip-state ${{ ok: "ok", "near limit": "warn", over: "crit" }[state]}`}>{state}</span>;
}

export const ownerColumn = (parts: Parts): Column<Line> => ({
  id: "owner",
  name: "Owner",
  by: (l) => parts.get(l.key)?.owner?.team ?? null,
  foot: "",
  show: (l) => parts.get(l.key)?.owner?.team || "\u2013",
});

export const budgetColumn = (parts: Parts): Column<Line> => ({
  id: "budget",
  name: "Budget used",
  by: (l) => (tightest(parts.get(l.key)) ? units(String(tightest(parts.get(l.key))?.used_percent)) : null),
  foot: "",
  show: (l) => {
    const budget = tightest(parts.get(l.key));
    return budget ? <Used budget={budget} /> : "\u2013";
  },
});

/** How much of a budget is used. */
export function Used({ budget }: { budget: Standing }) {
  const part = Math.min(100, budget.used_percent);
  return (
    <span title={budget.says} className="used-bar">
      <svg className="meter" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" y={3} width={100} height={6} />
        <rect className={budget.used_percent >= 100 ? "over" : "used"} y={3} width={part} height={6} />
      </svg>
      <b>{budget.used_percent}%</b>
    </span>
  );
}

/** The budget of which most is used. */
export const tightest = (one: Workload | undefined): Standing | undefined =>
  one?.budgets?.reduce<Standing | undefined>((a, b) => (a && a.used_percent >= b.used_percent ? a : b), undefined);
