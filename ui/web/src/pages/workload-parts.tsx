import type { Pulse, Standing, Workload } from "../api/client";
import { pixels, units } from "../lib/decimal";
import { count, money, unitCost } from "../lib/format";
import type { Line } from "../ui/slices";
import type { Column } from "../ui/spend-table";

export { useParts, usePulse, useUsual } from "./workload-asked";

type Parts = Map<string, Workload>;

/** A line of the cost in each bucket; a bucket without a figure is a gap. */
export const trendColumn = (parts: Parts): Column<Line> => ({
  id: "trend",
  name: "Trend",
  by: () => null,
  foot: "",
  show: (l) => <Spark values={parts.get(l.key)?.trend?.map((point) => pixels(point.cost)) ?? []} />,
});

function Spark({ values }: { values: (number | null)[] }) {
  if (values.length < 2) return "\u2013";
  const most = Math.max(...values.map((v) => v ?? 0)) || 1;
  const step = 80 / (values.length - 1);
  const points = values.flatMap((v, i) => (v === null ? [] : [`${i * step},${19 - (v / most) * 18}`]));
  return (
    <svg width="80" height="20" aria-hidden="true">
      <polyline points={points.join(" ")} fill="none" stroke="var(--c1)" strokeWidth="1.5" />
    </svg>
  );
}

/** What one run takes at p50 and p95. */
export const runColumns = (parts: Parts, currency: string): Column<Line>[] => [
  {
    id: "runs",
    name: "Runs",
    by: (l) => units(l.row.values.runs),
    foot: "",
    show: (l) => count(units(String(parts.get(l.key)?.per_run?.runs ?? 0))),
  },
  {
    id: "run_cost",
    name: "Cost per run p50 / p95",
    by: (l) => units(parts.get(l.key)?.per_run?.cost_p95),
    foot: "",
    show: (l) => {
      const runs = parts.get(l.key)?.per_run;
      return `${unitCost(units(runs?.cost_p50), currency)} / ${unitCost(units(runs?.cost_p95), currency)}`;
    },
  },
];

export const outcomeColumn = (parts: Parts, currency: string): Column<Line> => ({
  id: "unit",
  name: "Cost per outcome",
  by: (l) => units(parts.get(l.key)?.outcomes?.cost_per_outcome),
  foot: "",
  show: (l) => unitCost(units(parts.get(l.key)?.outcomes?.cost_per_outcome), currency),
});

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
      {budget.used_percent}%
    </span>
  );
}

/** The budget of which most is used. */
export const tightest = (one: Workload | undefined): Standing | undefined =>
  one?.budgets?.reduce<Standing | undefined>((a, b) => (a && a.used_percent >= b.used_percent ? a : b), undefined);

/** What runs in this minute, the dearest first. */
export function Burning({ pulse, only }: { pulse: Pulse; only?: { dimension: "workflow" | "agent"; key: string } }) {
  const rows = pulse.rows.filter((row) => !only || (row.scope[only.dimension] ?? "") === only.key);
  if (rows.length === 0) return <p className="title soft">No call in the last minute.</p>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Burning now">
      <table>
        <thead>
          <tr>
            {["Agent", "Workflow", "Calls a minute", "Failed", "Unpriced", "Burn a minute"].map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.scope.agent ?? ""}\u0000${row.scope.workflow ?? ""}`}>
              <th scope="row">{row.scope.agent || "(no agent)"}</th>
              <td>{row.scope.workflow || "(no workflow)"}</td>
              <td>{count(units(String(row.calls_minute)))}</td>
              <td>{count(units(String(row.failed_minute)))}</td>
              <td>{count(units(String(row.unpriced_minute)))}</td>
              <td data-exact={row.cost_minute}>{money(units(row.cost_minute), pulse.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
