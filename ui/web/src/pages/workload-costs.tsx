// What a run, a call and a result cost, each in a column with the same digits.

import type { Answer, Row, Workload } from "../api/client";
import { divide, ONE, units } from "../lib/decimal";
import { count, unitCosts } from "../lib/format";
import type { Line } from "../ui/slices";
import type { Column } from "../ui/spend-table";

type Parts = Map<string, Workload>;

/** What one run takes at p50 and p95: in the currency of the books, which is named where the page is in another. */
export const runColumns = (parts: Parts, currency: string): Column<Line>[] => {
  const costs = (one: Workload | undefined) => [units(one?.per_run?.cost_p50), units(one?.per_run?.cost_p95)];
  const all = [...parts.values()];
  const books = all.find((one) => one.per_run)?.per_run?.currency ?? "";
  const show = unitCosts(all.flatMap(costs), books);
  return [
    {
      id: "runs",
      wide: "wide",
      name: "Runs",
      by: (l) => units(l.row.values.runs),
      foot: "",
      show: (l) => count(units(String(parts.get(l.key)?.per_run?.runs ?? 0))),
    },
    {
      id: "run_cost",
      name: `Cost per run p50 / p95${books && books !== currency ? `, ${books}` : ""}`,
      by: (l) => units(parts.get(l.key)?.per_run?.cost_p95),
      foot: "",
      show: (l) => costs(parts.get(l.key)).map(show).join(" / "),
    },
  ];
};

/** What one call costs. */
export const callCostColumn = ({ rows, meta }: Answer): Column<Line> => {
  const per = ({ values }: Pick<Row, "values">): bigint | null => {
    const [cost, calls] = [units(values.cost), units(values.calls)];
    return cost === null || !calls ? null : divide(cost * ONE, calls);
  };
  const show = unitCosts(rows.map(per), meta.currency);
  return { id: "call_cost", name: "Cost per call", by: (l) => per(l.row), foot: "", show: (l) => show(per(l.row)) };
};

/** What one result costs. */
export const outcomeColumn = (parts: Parts, currency: string): Column<Line> => {
  const cost = (one: Workload | undefined) => units(one?.outcomes?.cost_per_outcome);
  const show = unitCosts([...parts.values()].map(cost), currency);
  return {
    id: "unit",
    name: "Cost per outcome",
    by: (l) => cost(parts.get(l.key)),
    foot: "",
    show: (l) => {
      const found = parts.get(l.key)?.outcomes;
      const what = found ? `${count(units(found.outcomes))} ${found.definition || "outcomes"}` : "no outcome linked";
      return <span title={what}>{show(cost(parts.get(l.key)))}</span>;
    },
  };
};
