import { DIMENSIONS, MEASURES, questionOf, type Measure } from "../lib/view";
import { Bars } from "../ui/bars";
import { useSpend, useView } from "../ui/house";
import { PageHead } from "../ui/page-head";
import { Slices } from "../ui/slices";
import { Trouble } from "../ui/trouble";
import { Waiting } from "./waiting";

const LEVELS = ["team", "application", "workflow", "agent", "model"];

/** Any cut of any measure. */
export default function Explore() {
  const { view, window: w, change } = useView();
  const measure = view.m ?? "cost";
  const dimension = view.g ?? "team";
  const question = questionOf(view, w, { by: dimension, measures: measure, compare: w.compare });
  const asked = useSpend(question);
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  if (!asked.data.meta.last_event_at) return <Waiting />;
  return (
    <>
      <PageHead title="Explore" answer={asked.data} question={question} />
      <div className="controls">
        <select aria-label="Measure" value={measure} onChange={(e) => change({ m: e.target.value as Measure })}>
          {Object.entries(MEASURES).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <select aria-label="Group by" value={dimension} onChange={(e) => change({ g: e.target.value })}>
          {DIMENSIONS.map((d) => (
            <option key={d} value={d}>
              by {d.replace("_", " ")}
            </option>
          ))}
        </select>
      </div>
      <Bars dimension={dimension} measure={measure} />
      <section className={asked.isPlaceholderData ? "card busy" : "card"}>
        <Slices
          answer={asked.data}
          dimension={dimension}
          measure={measure}
          next={LEVELS[LEVELS.indexOf(dimension) + 1]}
        />
      </section>
    </>
  );
}
