import { units } from "../lib/decimal";
import { count, headline, money, unitCost } from "../lib/format";
import { questionOf } from "../lib/view";
import { Bars } from "../ui/bars";
import { ScopeContext, useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices } from "../ui/slices";
import { Delta, Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import * as part from "./workload-parts";

interface Props {
  dimension: "workflow" | "agent";
  name: string;
}

/** One workflow or agent: what it costs, what it yields, and what it does now. */
export const WorkloadDetail = ({ dimension, name }: Props) => (
  <ScopeContext value={{ dimension, key: name }}>
    <Inside dimension={dimension} name={name} />
  </ScopeContext>
);

function Inside({ dimension, name }: Props) {
  const { view, window: w } = useView();
  const pulse = part.usePulse();
  const by = dimension === "workflow" ? "agent" : "workflow";
  const question = questionOf(view, w, { by, measures: "cost,calls", compare: w.compare, top: "100" });
  const asked = useSpend(question);
  const kind = dimension === "agent" ? "agents" : "workflows";
  const one = part.useParts(kind, question, "owner,per_run,outcomes,budgets").get(name);
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  const { total, meta } = asked.data;
  const budget = part.tightest(one);
  const cost = units(total.cost);
  const before = units(total.previous?.cost);
  return (
    <>
      <PageHead title={name} answer={asked.data} question={question} />
      <div className="tiles">
        <Tile
          title="Spend"
          value={headline(cost, meta.currency)}
          note={before === null ? "not compared" : <Delta now={cost} before={before} />}
        />
        {dimension === "workflow" && (
          <Tile
            title={`Cost per ${one?.outcomes?.definition || "outcome"}`}
            value={unitCost(units(one?.outcomes?.cost_per_outcome), meta.currency)}
            note={one?.outcomes ? `${count(units(one.outcomes.outcomes))} outcomes` : "no outcome linked"}
          />
        )}
        <Tile
          title="Cost per run"
          value={unitCost(units(one?.per_run?.cost_p50), meta.currency)}
          note={`p50; p95 ${unitCost(units(one?.per_run?.cost_p95), meta.currency)}`}
        />
        <Tile
          title="Budget left"
          value={
            budget
              ? budget.currency
                ? money(units(budget.left), budget.currency)
                : count(units(budget.left))
              : "\u2013"
          }
          note={budget ? `${budget.used_percent}% used of ${budget.budget}` : "no budget names it"}
        />
        <Tile title="Calls" value={count(units(String(total.calls)))} note={one?.owner?.team || "no owner"} />
      </div>
      <Bars dimension={by} measure="cost" />
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <Slices answer={asked.data} dimension={by} measure="cost" />
      </section>
      {pulse.data && (
        <section className="card">
          <div className="title">
            <h2>Burning now</h2>
          </div>
          <part.Burning pulse={pulse.data} only={{ dimension, key: name }} />
        </section>
      )}
    </>
  );
}
