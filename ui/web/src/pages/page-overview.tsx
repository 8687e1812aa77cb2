import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Answer, Outcomes } from "../api/client";
import { pixels, units } from "../lib/decimal";
import { count, unitCosts } from "../lib/format";
import { clockOf } from "../lib/grain";
import { dayOf } from "../lib/time";
import { questionOf, type Window } from "../lib/view";
import { Bars } from "../ui/bars";
import { useHouse, useOutcomes, useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices, type Line } from "../ui/slices";
import { bucketsOf, layersOf, nameOf } from "../ui/series";
import { Spark } from "../ui/spark";
import type { Column } from "../ui/spend-table";
import { Trouble } from "../ui/trouble";
import { Attention } from "./overview-attention";
import "./overview.css";
import { usePlanned } from "./overview-plan";
import { Tiles } from "./overview-tiles";
import { WhyMoved } from "./overview-why";
import { Waiting } from "./waiting";
import { budgetColumn, tightest, useParts } from "./workload-parts";

/** The state of AI spend in ten seconds. */
export default function Overview() {
  const { view, window: w } = useView();
  const { session, now } = useHouse();
  const question = questionOf(view, w, {
    by: "workflow",
    measures: "cost,calls,unpriced_calls",
    compare: w.compare,
    top: "20",
  });
  const asked = useSpend(question);
  const today = useSpend(questionOf(view, w, { since: dayOf(now(), session.zone), until: "", measures: "cost,calls" }));
  const outcomes = useOutcomes(w);
  const parts = useParts("workflows", question, "budgets");
  const budgeted = [...parts.values()].some((one) => tightest(one));
  const sparks = useSpend(questionOf(view, w, { by: "workflow", measures: "cost", grain: w.grain, top: "20" }));
  const planned = usePlanned(w);
  const plan = useMemo(
    () => (planned?.currency === session.currency ? new Map(planned.days.map((d) => [d.day, d.amount])) : undefined),
    [planned, session.currency],
  );
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  if (!asked.data.meta.last_event_at) return <Waiting />;
  const bought = view.f ? undefined : outcomes.data; // results are asked without a filter
  return (
    <>
      <PageHead title="Overview" answer={asked.data} question={question} />
      <Tiles answer={asked.data} today={today.data} outcomes={bought} />
      <div className="beside">
        <Bars dimension={view.g ?? "team"} measure="cost" plan={plan} />
        <Attention answer={asked.data} />
      </div>
      <div className="beside">
        <section className={asked.isPlaceholderData ? "card busy" : "card"}>
          <div className="title">
            <h2>Workflows</h2>
            <span className="soft">{rowsText(asked.data)}</span>
            <Link className="quiet" to="/explore" search={(old) => ({ ...old, g: "workflow" })}>
              Open in Explore
            </Link>
          </div>
          <Slices
            answer={asked.data}
            dimension="workflow"
            measure="cost"
            more={[
              ...sparkOf(sparks.data, w),
              ...(bought ? outcomeColumns(bought) : []),
              ...(budgeted ? [budgetColumn(parts)] : []),
            ]}
          />
        </section>
        <WhyMoved />
      </div>
    </>
  );
}

const rowsText = ({ rows, other }: Answer): string =>
  other
    ? `the ${rows.length} with most spend; rows and other add up to the total`
    : `${rows.length} with usage; rows add up to the total`;

// sparkOf draws each workflow's days; of those that are summed as other there are none.
function sparkOf(answer: Answer | undefined, w: Window): Column<Line>[] {
  if (!answer || clockOf(w.grain) > 0) return [];
  const layers = layersOf(answer, "workflow", "cost");
  const buckets = bucketsOf(layers, w);
  const byKey = new Map(layers.map((layer) => [layer.key, layer.values]));
  const show = (l: Line) => {
    const values = byKey.get(l.key);
    const label = `spend of ${nameOf(l.key, "workflow")} by ${w.grain}`;
    return values && <Spark values={buckets.map((bucket) => pixels(values.get(bucket)))} label={label} />;
  };
  return [{ id: "trend", name: "Trend", foot: "", show }];
}

function outcomeColumns(outcomes: Outcomes): Column<Line>[] {
  const byWorkflow = new Map(outcomes.rows.map((row) => [row.workflow, row]));
  const of = (l: Line) => byWorkflow.get(l.key);
  const known = (l: Line): boolean => (units(of(l)?.outcomes) ?? 0n) > 0n;
  const show = unitCosts(
    outcomes.rows.map((row) => units(row.cost_per_outcome)),
    outcomes.meta.currency,
  );
  return [
    {
      id: "unit",
      name: "Cost per outcome",
      by: (l) => units(of(l)?.cost_per_outcome),
      foot: "",
      show: (l) => (
        <span
          title={known(l) ? `${count(units(of(l)?.outcomes))} ${of(l)?.definition || "outcomes"}` : "no outcome linked"}
        >
          {show(units(of(l)?.cost_per_outcome))}
        </span>
      ),
    },
  ];
}
