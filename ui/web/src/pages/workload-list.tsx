import { useNavigate } from "@tanstack/react-router";
import { units } from "../lib/decimal";
import { count, headline, money } from "../lib/format";
import { questionOf } from "../lib/view";
import { useHouse, useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices } from "../ui/slices";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import { Waiting } from "./waiting";
import * as part from "./workload-parts";

/** Every workflow or agent, with what runs now. */
export function WorkloadList({ dimension }: { dimension: "workflow" | "agent" }) {
  const { view, window: w } = useView();
  const { hears } = useHouse();
  const navigate = useNavigate();
  const pulse = part.usePulse();
  const question = questionOf(view, w, { by: dimension, measures: "cost,calls", compare: w.compare, top: "100" });
  const asked = useSpend(question);
  const kind = dimension === "agent" ? "agents" : "workflows";
  const parts = part.useParts(kind, { ...question, grain: w.grain }, "owner,trend,per_run,outcomes,budgets");
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  if (!asked.data.meta.last_event_at) return <Waiting />;
  const { total, meta, rows } = asked.data;
  const now = pulse.data;
  const open = (name: string): void =>
    void (name === ""
      ? navigate({ to: "/explore", search: (old) => ({ ...old, f: `${dimension}:`, g: "team" }) })
      : navigate({ to: `/${kind}/$name`, params: { name }, search: (old) => ({ ...old, sort: undefined }) }));
  return (
    <>
      <PageHead title={dimension === "agent" ? "Agents" : "Workflows"} answer={asked.data} question={question} />
      <div className="tiles">
        <Tile
          title="Burn a minute"
          value={now ? money(units(now.total.cost_minute), now.currency) : "\u2013"}
          note={hears ? "live" : "asked every 10 s: the stream is lost"}
        />
        <Tile
          title="Calls a minute"
          value={now ? count(units(String(now.total.calls_minute))) : "\u2013"}
          note={now ? `${now.total.failed_minute} failed, ${now.total.unpriced_minute} unpriced` : ""}
        />
        <Tile title="Spend" value={headline(units(total.cost), meta.currency)} note={w.text} />
        <Tile title="Calls" value={count(units(String(total.calls)))} note={`${rows.length} rows with usage`} />
      </div>
      {dimension === "agent" && now && (
        <section className="card">
          <div className="title">
            <h2>Burning now</h2>
            <span className="soft">calls of the last minute, all scopes</span>
          </div>
          <part.Burning pulse={now} />
        </section>
      )}
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <Slices
          answer={asked.data}
          dimension={dimension}
          measure="cost"
          open={open}
          more={[
            part.trendColumn(parts),
            ...part.runColumns(parts, meta.currency),
            ...(dimension === "workflow" ? [part.outcomeColumn(parts, meta.currency)] : []),
            part.budgetColumn(parts),
            part.ownerColumn(parts),
          ]}
        />
      </section>
    </>
  );
}
