import { units } from "../lib/decimal";
import { count, unitCost } from "../lib/format";
import { questionOf } from "../lib/view";
import { Bars } from "../ui/bars";
import { ExportMenu } from "../ui/export-menu";
import { ScopeContext, useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices, type Line } from "../ui/slices";
import { SpendTile } from "../ui/spend-tile";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import "./overview.css";
import { Buys } from "./workload-buys";
import { Guards } from "./workload-guards";
import { RunningNow } from "./workload-now";
import * as part from "./workload-parts";
import { Left, PerOutcome, unknown } from "./workload-tiles";

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
  const parts = part.usePartsOnce(kind, question, "owner,per_run,outcomes,budgets");
  const one = parts?.get(name);
  const known = parts !== null;
  const ended = useSpend(questionOf(view, w, { by, measures: "calls", where: ["status=ok"], top: "1000" }));
  const ofModels = questionOf(view, w, { by: "model", measures: "cost,calls", compare: w.compare, top: "50" });
  const models = useSpend(ofModels);
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  const { total, meta } = asked.data;
  const only = { dimension, key: name };
  return (
    <>
      <PageHead title={name} answer={asked.data} question={question} />
      <div className="tiles">
        <SpendTile answer={asked.data} />
        {dimension === "workflow" && <PerOutcome one={one} known={known} currency={meta.currency} />}
        <Tile
          title="Cost per run"
          value={unitCost(units(one?.per_run?.cost_p50), one?.per_run?.currency ?? meta.currency)}
          note={
            one?.per_run
              ? `p50; p95 ${unitCost(units(one.per_run.cost_p95), one.per_run.currency)}`
              : unknown(known, "in no run")
          }
        />
        <Left one={one} known={known} />
        <Tile
          title="Calls"
          value={count(units(String(total.calls)))}
          note={one?.owner?.team ? `owned by ${one.owner.team}` : unknown(known, "no owner")}
        />
      </div>
      <div className="beside">
        <Bars dimension={by} measure="cost" />
        <div className="column">
          <Buys />
          {pulse.data && (
            <section className="card">
              <div className="title">
                <h2>Running now</h2>
                <span className="soft">the dearest runs of this minute</span>
              </div>
              <RunningNow pulse={pulse.data} only={only} />
            </section>
          )}
        </div>
      </div>
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <div className="title">
          <h2>{by === "agent" ? "Agents in this workflow" : "Workflows of this agent"}</h2>
        </div>
        <Slices
          answer={asked.data}
          dimension={by}
          measure="cost"
          more={[
            {
              id: "calls",
              name: "Calls",
              by: callsOf,
              foot: count(units(String(total.calls))),
              show: (l) => count(callsOf(l)),
            },
            part.callCostColumn(asked.data),
            ...part.endedColumn(ended.data, by),
          ]}
        />
      </section>
      {models.data && (
        <section className={models.isPlaceholderData ? "card busy" : "card"}>
          <div className="title">
            <h2>Models</h2>
            <ExportMenu question={ofModels} name="models" />
          </div>
          <Slices answer={models.data} dimension="model" measure="cost" more={[part.callCostColumn(models.data)]} />
        </section>
      )}
      <Guards kind={dimension} name={name} />
    </>
  );
}

const callsOf = (l: Line): bigint | null => units(l.row.values.calls);
