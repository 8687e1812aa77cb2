import { useNavigate } from "@tanstack/react-router";
import type { Pulse } from "../api/client";
import { units } from "../lib/decimal";
import { count, exact, headline, money, percent } from "../lib/format";
import { asCommand, questionOf } from "../lib/view";
import { AskedMenu } from "../ui/asked-menu";
import { useHouse, useOutcomes, useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices } from "../ui/slices";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import "./overview.css";
import { runaways } from "./overview-matters";
import { Waiting } from "./waiting";
import { csvOf } from "./workload-csv";
import { Burning, runsNow } from "./workload-now";
import * as part from "./workload-parts";

const PARTS = "owner,trend,per_run,outcomes,budgets";

/** Every workflow or agent, with what runs now. */
export function WorkloadList({ dimension }: { dimension: "workflow" | "agent" }) {
  const { view, window: w } = useView();
  const { hears } = useHouse();
  const navigate = useNavigate();
  const pulse = part.usePulse();
  const question = questionOf(view, w, { by: dimension, measures: "cost,calls", compare: w.compare, top: "100" });
  const asked = useSpend(question);
  const kind = dimension === "agent" ? "agents" : "workflows";
  const parts = part.useParts(kind, { ...question, grain: w.grain }, PARTS);
  const wells = { by: dimension, measures: "calls", where: ["status=ok"], top: "1000" };
  const ended = useSpend(questionOf(view, w, wells));
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  if (!asked.data.meta.last_event_at) return <Waiting />;
  const { total, meta } = asked.data;
  const exports = {
    path: `/api/v1/${kind}`,
    query: part.queryOf({ ...question, grain: w.grain }, PARTS),
    file: kind,
    command: asCommand(question),
    csv: csvOf({ answer: asked.data, dimension, parts, ended: ended.data }),
  };
  const now = pulse.data;
  const open = (name: string): void =>
    void (name === ""
      ? navigate({ to: "/explore", search: (old) => ({ ...old, f: `${dimension}:`, g: "team" }) })
      : navigate({ to: `/${kind}/$name`, params: { name }, search: (old) => ({ ...old, sort: undefined }) }));
  return (
    <>
      <PageHead
        title={dimension === "agent" ? "Agents" : "Workflows"}
        answer={asked.data}
        question={question}
        end={<AskedMenu asked={exports} />}
      />
      <div className="tiles">
        <Tile
          title="Burn a minute"
          value={now ? money(units(now.total.cost_minute), now.currency) : "\u2013"}
          note={`${hears ? "live" : "asked every 10 s: the stream is lost"}${view.f ? "; of all calls" : ""}`}
        />
        {dimension === "agent" ? <Now pulse={now} /> : <Bought />}
        <Tile
          title="Spend"
          value={headline(units(total.cost), meta.currency)}
          exact={exact(total.cost, meta.currency)}
          note={w.text}
        />
      </div>
      {dimension === "agent" && now && (
        <section className="card">
          <div className="title">
            <h2>Burning now</h2>
            <span className="soft">
              {view.f ? "all calls of the last minute, whatever the filter says" : "calls of the last minute"}
            </span>
          </div>
          <Burning pulse={now} />
        </section>
      )}
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <Slices
          answer={asked.data}
          dimension={dimension}
          measure="cost"
          open={open}
          more={[
            part.trendColumn(parts, w, dimension),
            ...part.runColumns(parts, meta.currency),
            dimension === "workflow" ? part.outcomeColumn(parts, meta.currency) : part.callsColumn(parts),
            ...part.endedColumn(ended.data, dimension),
            part.budgetColumn(parts),
            part.stateColumn(parts),
            part.ownerColumn(parts),
          ]}
        />
      </section>
    </>
  );
}

// Now is what agents do in this minute.
function Now({ pulse }: { pulse: Pulse | undefined }) {
  const away = runaways(pulse, part.useUsual(pulse));
  const total = pulse?.total;
  return (
    <>
      <Tile title="Runs now" value={runsNow(pulse)} note="with a call in the last minute" />
      <Tile
        title="Runs that may run away"
        value={pulse ? String(away.length) : "\u2013"}
        note={away[0]?.title ?? "ten times what is usual"}
      />
      <Tile
        title="Calls a minute"
        value={total ? count(units(String(total.calls_minute))) : "\u2013"}
        note={total ? `${total.failed_minute} failed, ${total.unpriced_minute} unpriced` : ""}
      />
    </>
  );
}

// Bought is what all workflows together have bought; it is known without a filter.
function Bought() {
  const { view, window: w } = useView();
  const { data } = useOutcomes(w);
  const known = view.f ? undefined : data;
  const priced = known?.rows.filter((row) => (units(row.outcomes) ?? 0n) > 0n).length ?? 0;
  const figure = (text: string | null | undefined) => headline(units(text), known?.meta.currency ?? "");
  return (
    <>
      <Tile
        title="Workflows with outcomes"
        value={known ? String(priced) : "\u2013"}
        note={known ? `of ${known.rows.length} with spend` : "not known for this slice"}
      />
      <Tile
        title="Spend without an outcome"
        value={known ? figure(known.total.orphan) : "\u2013"}
        exact={known && exact(known.total.orphan, known.meta.currency)}
        note={known ? `${percent(units(known.total.orphan_share))} of the spend` : ""}
      />
    </>
  );
}
