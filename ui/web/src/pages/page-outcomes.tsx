import { useQuery } from "@tanstack/react-query";
import { getOutcomes, type Fault, type Outcomes } from "../api/client";
import { units } from "../lib/decimal";
import { count, headline, percent } from "../lib/format";
import { asWhere } from "../lib/filter";
import { questionOf } from "../lib/view";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { Beyond } from "../ui/beyond";
import { boughtOf, useAll, useOutcomes, useSpend, useView } from "../ui/house";
import { Tile } from "../ui/tile";
import { TrustStrip } from "../ui/trust-strip";
import { Trouble } from "../ui/trouble";
import { Flow } from "./outcomes-flow";
import { Measures } from "./outcomes-kpis";
import { OutcomesTable } from "./outcomes-table";
import "./outcomes.css";
import { Ways } from "./outcomes-ways";
import { Waiting } from "./waiting";

/** What was delivered for the money. */
export default function OutcomesPage() {
  const { view, window: w, chosen, change } = useView();
  const asked = useOutcomes(w);
  const spend = useSpend(useAll(questionOf({ ...view, f: undefined }, w, { measures: "cost" })));
  const compared = w.earlier !== null;
  const then = boughtOf(view, { since: w.earlier?.since ?? "", until: w.earlier?.until ?? "" });
  const earlier = useQuery<Outcomes, Fault>({
    queryKey: ["ledger", "outcomes", then],
    queryFn: ({ signal }) => getOutcomes(then, signal),
    enabled: compared,
  });
  const fault = asked.error ?? spend.error;
  if (fault) return <Trouble fault={fault} again={() => void Promise.all([asked.refetch(), spend.refetch()])} />;
  if (!asked.data || !spend.data) return <p role="status">Reading the ledger…</p>;
  if (!spend.data.meta.last_event_at) return <Waiting />;
  const query = boughtOf(view, w);
  const exports = {
    path: "/api/v1/outcomes",
    query,
    file: "outcomes",
    command: `bursar spend --outcome ${flagsOf(query)}`,
    csv: true,
  };
  const any = asked.data.rows.some((row) => (units(row.outcomes) ?? 0n) > 0n || (units(row.claimed) ?? 0n) > 0n);
  return (
    <>
      <div className="head">
        <h1>Outcomes</h1>
        <p className="soft">
          {w.text}
          {w.before && `; change against ${w.before}`}
        </p>
        <AskedMenu asked={exports} />
      </div>
      <TrustStrip answer={spend.data} />
      <Beyond>
        Here are its workflows that nobody else uses, without spend that names no workflow
        {asked.data.shared > 0 &&
          `; ${asked.data.shared} that others use too cannot be told apart, for results have no team`}
        .
      </Beyond>
      {chosen.length > 0 && (
        <p className="notice">
          Results belong to workflows, so filters on {chosen.map(asWhere).join(", ")} are not in force here.{" "}
          <button className="quiet" onClick={() => change({ f: undefined })}>
            Clear filters
          </button>
        </p>
      )}
      {!any && <Ways />}
      {any && <Tiles now={asked.data} before={compared ? earlier.data : undefined} />}
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <div className="title">
          <h2>Where the money went</h2>
          <span className="soft">a run keeps its result when that came after the window, so the share still grows</span>
        </div>
        <Flow outcomes={asked.data} />
      </section>
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <div className="title">
          <h2>By workflow</h2>
          <span className="soft">failed runs are part of what a result costs; rows add up to the total</span>
        </div>
        <OutcomesTable now={asked.data} before={compared ? earlier.data : undefined} />
      </section>
      <Measures />
    </>
  );
}

function Tiles({ now: { total, meta }, before }: { now: Outcomes; before?: Outcomes }) {
  const was = (text: string | undefined): string => (text === undefined ? "not compared" : `${text} before`);
  const old = before?.total;
  return (
    <div className="tiles">
      <Tile
        title="Results that count"
        value={count(units(total.outcomes))}
        note={`${count(units(total.claimed))} more only claimed`}
      />
      <Tile
        title="Spend with a result"
        value={percent(units(total.with_outcome_share))}
        note={was(old && percent(units(old.with_outcome_share)))}
      />
      <Tile
        title="Spend without one"
        value={headline(units(total.orphan), meta.currency)}
        note={was(old && headline(units(old.orphan), meta.currency))}
        exact={`${total.orphan ?? "unpriced"} ${meta.currency}`}
      />
      <Tile
        title="Human repair"
        value={`${count(units(total.remediation_minutes))} min`}
        note={was(old && `${count(units(old.remediation_minutes))} min`)}
      />
      <Tile title="Taken back" value={count(units(String(total.reversed)))} note={was(old && String(old.reversed))} />
    </div>
  );
}
