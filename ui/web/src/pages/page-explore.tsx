import { questionOf, type Measure } from "../lib/view";
import { Bars } from "../ui/bars";
import { useHouse, useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices } from "../ui/slices";
import { Trouble } from "../ui/trouble";
import { Controls } from "./explore-controls";
import { Heat } from "./explore-heat";
import { useBeside } from "./explore-columns";
import { Waiting } from "./waiting";

const LEVELS = ["team", "application", "workflow", "agent", "model"];
const MOST = "5000"; // rows of two dimensions that the server gives

/** Any cut of any measure. */
export default function Explore() {
  const { view, window: w, change } = useView();
  const { session } = useHouse();
  const measure: Measure = view.m ?? "cost";
  const dimension = view.g ?? "team";
  const second = view.g2 === dimension ? undefined : view.g2;
  const counts = view.cur ? "calls,unpriced_calls" : "calls"; // without a call there is nothing to price, or to convert
  const measures = measure === "cost" ? `cost,${counts}` : measure;
  const question = questionOf(view, w, { by: dimension, measures, compare: w.compare });
  const pairs = questionOf(view, w, { by: `${dimension},${second ?? ""}`, measures, compare: w.compare, top: MOST });
  const asked = useSpend(question);
  const inside = useSpend(pairs, second !== undefined);
  const beside = useBeside(dimension, measure, asked.data);
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  if (!asked.data.meta.last_event_at) return <Waiting />;
  const inner = second && inside.data && !inside.isPlaceholderData && { dimension: second, answer: inside.data };
  const busy = asked.isPlaceholderData || (second !== undefined && !inner && !inside.error);
  const next = second ?? dimension;
  return (
    <>
      <PageHead title="Explore" answer={asked.data} question={second ? pairs : question} />
      {view.zone && view.zone !== session.zone && (
        <p className="notice">
          Days begin at midnight in {view.zone}.{" "}
          <button className="quiet" onClick={() => change({ zone: undefined })}>
            Let them begin in {session.zone}
          </button>
        </p>
      )}
      <Controls dimension={dimension} second={second} measure={measure} />
      {view.chart === "heat" ? <Heat measure={measure} /> : <Bars dimension={dimension} measure={measure} />}
      {inside.error && second && <Trouble fault={inside.error} again={() => void inside.refetch()} />}
      <section className={busy ? "card busy" : "card"}>
        <Slices
          answer={asked.data}
          dimension={dimension}
          measure={measure}
          inner={inner || undefined}
          whole
          more={beside}
          next={LEVELS[LEVELS.indexOf(next) + 1]}
        />
      </section>
    </>
  );
}
