// Workflows or agents as a table for a spreadsheet: every column of the screen but its pictures, to the last digit.

import type { Answer, Row, Workload } from "../api/client";
import { ONE, units, written } from "../lib/decimal";
import { keyOf } from "../ui/series";
import { stateOf, tightest } from "./workload-parts";

interface Shown {
  answer: Answer;
  dimension: string;
  parts: Map<string, Workload>;
  ended: Answer | undefined; // the calls that ended well
}

const HEAD =
  "cost,currency,share,cost_previous,calls,runs,cost_p50,cost_p95,run_currency,calls_p50,calls_p95," +
  "outcomes,cost_per_outcome,ok_calls,used_percent,state,owner";

type Cell = string | number | null | undefined;

/** The rows as they are shown, other behind them, and the total. */
export function csvOf(shown: Shown): string[][] {
  const { answer, dimension, parts, ended } = shown;
  const well = new Map(ended?.rows.map((row) => [keyOf(row), row.values.calls]));
  const line = (name: string, row: Pick<Row, "values" | "previous">, rest: Cell[]): string[] => {
    const { cost, calls } = row.values;
    const share = shareOf(cost, answer.total.values.cost);
    const cells = [name, cost, answer.meta.currency, share, row.previous?.cost, calls, ...rest];
    return cells.map((cell) => String(cell ?? ""));
  };
  const none: Cell[] = Array<Cell>(HEAD.split(",").length - 5).fill("");
  return [
    [dimension, ...HEAD.split(",")],
    ...answer.rows.map((row) =>
      line(keyOf(row), row, partsOf(parts.get(keyOf(row)), ended && (well.get(keyOf(row)) ?? 0))),
    ),
    ...(answer.other ? [line("OTHER", answer.other, none)] : []),
    line("TOTAL", answer.total, none),
  ];
}

function partsOf(one: Workload | undefined, ended: Cell): Cell[] {
  const { per_run: run, outcomes } = one ?? {};
  const budget = tightest(one);
  return [
    ...[run?.runs ?? 0, run?.cost_p50, run?.cost_p95, run?.currency, run?.calls_p50, run?.calls_p95],
    ...[outcomes?.outcomes, outcomes?.cost_per_outcome, ended],
    ...[budget?.used_percent, budget && stateOf(budget), one?.owner?.team],
  ];
}

function shareOf(part: Cell, whole: Cell): Cell {
  const [p, w] = [units(part as string | null), units(whole as string | null)];
  return p === null || !w ? "" : written((p * ONE) / w);
}
