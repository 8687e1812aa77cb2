import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Outcomes } from "../api/client";
import { apportion } from "../lib/apportion";
import { divide, ONE, units } from "../lib/decimal";
import { cents, count, exact, percent, unitCosts } from "../lib/format";
import { writeFilter } from "../lib/filter";
import { ChangeDrawer, type Slice } from "../ui/drawer";
import { nameOf } from "../ui/series";
import { SpendTable, type Column } from "../ui/spend-table";
import { Delta } from "../ui/tile";

type Row = Outcomes["total"];

interface Line {
  row: Row;
  old?: Row;
  shown: bigint | null;
}

const DASH = "\u2013";

/** What each workflow delivered, and what that cost. */
export function OutcomesTable({ now, before }: { now: Outcomes; before?: Outcomes }) {
  const [slice, setSlice] = useState<Slice | null>(null);
  const { rows, total, meta } = now;
  const cuts = apportion(
    rows.map((row) => units(row.cost)),
    units(total.cost),
  );
  const old = new Map(before?.rows.map((row) => [row.workflow, row]));
  const lines = rows.map((row, i): Line => ({ row, old: old.get(row.workflow), shown: cuts[i] ?? null }));
  const amount = (text: string | null | undefined, n: bigint | null) => (
    <span title={exact(text, meta.currency)} data-exact={text}>
      {cents(n, units(text), meta.currency)}
    </span>
  );
  const unit = unitCosts(
    rows.map((row) => units(row.cost_per_outcome)),
    meta.currency,
  );
  const whole = units(total.cost);
  const some = (row: Row): boolean => (units(row.outcomes) ?? 0n) > 0n;
  const columns: Column<Line>[] = [
    {
      id: "workflow",
      name: "Workflow",
      by: (l) => l.row.workflow,
      foot: "Total",
      show: (l) => (
        <Link
          to="/explore"
          search={(view) => ({ ...view, f: filterOf(l.row), g: "agent", m: undefined, sort: undefined })}
        >
          {nameOf(l.row.workflow, "workflow")}
        </Link>
      ),
    },
    { id: "definition", name: "Result", by: (l) => l.row.definition, foot: "", show: (l) => l.row.definition || DASH },
    {
      id: "outcomes",
      name: "Results",
      by: (l) => units(l.row.outcomes),
      foot: count(units(total.outcomes)),
      show: (l) => (some(l.row) ? count(units(l.row.outcomes)) : DASH),
    },
    {
      id: "cost",
      name: "Spend",
      by: (l) => units(l.row.cost),
      foot: amount(total.cost, whole === null ? null : divide(whole, ONE / 100n)),
      show: (l) => amount(l.row.cost, l.shown),
    },
    {
      id: "unit",
      name: "Cost per result",
      by: (l) => units(l.row.cost_per_outcome),
      foot: "",
      show: (l) => (
        <span title={some(l.row) ? exact(l.row.cost_per_outcome, meta.currency) : "no result linked"}>
          {unit(units(l.row.cost_per_outcome))}
        </span>
      ),
    },
    ...(before
      ? [
          {
            id: "moved",
            name: "Change",
            by: (l: Line) => (units(l.row.cost_per_outcome) ?? 0n) - (units(l.old?.cost_per_outcome) ?? 0n),
            foot: "",
            show: (l: Line) =>
              l.old?.cost_per_outcome ? (
                <Delta now={units(l.row.cost_per_outcome)} before={units(l.old.cost_per_outcome)} />
              ) : (
                DASH
              ),
          },
        ]
      : []),
    {
      id: "linked",
      name: "Spend with one",
      by: (l) => units(l.row.with_outcome_share),
      foot: percent(units(total.with_outcome_share)),
      show: (l) => percent(units(l.row.with_outcome_share)),
    },
    {
      id: "repair",
      name: "Repair min",
      by: (l) => units(l.row.remediation_minutes),
      foot: count(units(total.remediation_minutes)),
      show: (l) => count(units(l.row.remediation_minutes)),
    },
    {
      id: "reversed",
      name: "Taken back",
      by: (l) => units(String(l.row.reversed)),
      foot: String(total.reversed),
      show: (l) => String(l.row.reversed),
    },
    {
      id: "runs",
      name: "Runs",
      by: (l) => units(String(l.row.runs)),
      foot: count(units(String(total.runs))),
      show: (l) => count(units(String(l.row.runs))),
    },
    {
      id: "why",
      name: "Why",
      by: () => null,
      foot: "",
      show: (l) => (
        <button
          className="quiet"
          aria-label={`explain ${nameOf(l.row.workflow, "workflow")}`}
          onClick={() => setSlice({ dimension: "workflow", key: l.row.workflow })}
        >
          explain
        </button>
      ),
    },
  ];
  return (
    <>
      <SpendTable
        label="Results by workflow"
        columns={columns}
        lines={lines}
        sort="-repair"
        idOf={(l) => l.row.workflow}
      />
      <ChangeDrawer slice={slice} close={() => setSlice(null)} />
    </>
  );
}

const filterOf = (row: Row): string => writeFilter([{ dimension: "workflow", values: [row.workflow], not: false }]);
