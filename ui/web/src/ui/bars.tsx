import { useCallback, useMemo } from "react";
import { narrow, readFilter, writeFilter } from "../lib/filter";
import { clockOf } from "../lib/grain";
import { dayOf, plus } from "../lib/time";
import { MEASURES, questionOf, type Measure } from "../lib/view";
import { weeksOf } from "../lib/window";
import { BoughtByTheDay, BY_THE_CLOCK } from "./by-the-clock";
import { Chart } from "./chart";
import { ExportMenu } from "./export-menu";
import { useHouse, useSpend, useView, useZone } from "./house";
import { bucketsOf, layersOf, partialOf, weeksBefore, weeksOn, type Kind } from "./series";
import { Trouble } from "./trouble";

type Planned = Map<string, string | null>; // by day

/** The chart of one measure over time, stacked by one dimension. */
export function Bars({ dimension, measure, plan }: { dimension: string; measure: Measure; plan?: Planned }) {
  const { view, window: w, change } = useView();
  const timed = clockOf(w.grain) > 0;
  const cuts = { by: dimension, measures: measure, grain: w.grain, top: "7" };
  const question = questionOf(view, w, { ...cuts, ...(timed && BY_THE_CLOCK) });
  const asked = useSpend(question);
  const kind: Kind = view.chart === "line" || view.chart === "share" ? view.chart : "stack";
  const { session, now } = useHouse();
  const zone = useZone();
  const today = dayOf(now(), session.zone);
  const weeks = weeksOf(w);
  const compared = weeks > 0 && w.grain === "day";
  const dates = compared ? { since: plus(w.since, -7 * weeks), until: plus(w.until, -7 * weeks) } : {};
  const earlier = useSpend(questionOf(view, w, { ...dates, measures: measure, grain: "day" }), compared);
  const data = useMemo(() => {
    if (!asked.data) return null;
    const series = layersOf(asked.data, dimension, measure);
    const currency = measure === "cost" ? asked.data.meta.currency : "";
    const asOf = Math.min(Date.parse(asked.data.meta.window.to ?? "") || now(), now());
    const since = asked.data.meta.window.from;
    const buckets = bucketsOf(series, w, [...(since ? [Date.parse(since)] : []), asOf - 1]);
    return {
      kind,
      series,
      buckets,
      partial: partialOf(buckets, w, today, asOf),
      before: kind === "stack" && compared && earlier.data ? weeksOn(earlier.data, measure, buckets, weeks) : undefined,
      ...(plan && kind === "stack" && w.grain === "day" && { plan: planned(plan, buckets) }),
      earlier: weeksBefore(weeks),
      currency,
      grain: w.grain,
      zone,
      label: `${MEASURES[measure]} by ${dimension}, ${w.text}`,
    };
    // The window is made anew each time; its text and grain say whether it is another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [kind, asked.data, earlier.data, plan, compared, weeks, dimension, measure, w.text, w.grain, today, zone]);
  const filter = view.f ?? "";
  const pick = useCallback(
    (key: string) => change({ f: writeFilter(narrow(readFilter(filter), dimension, key)) }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- change leads to the same place each time
    [filter, dimension],
  );
  const table = view.chart === "table";
  return (
    <section className={asked.isPlaceholderData ? "card busy" : "card"}>
      <div className="title">
        <h2>
          {MEASURES[measure]} by {dimension.replace("_", " ")}
        </h2>
        <span className="soft">
          by {w.grain}
          {timed && `, ${zone}`}
          {timed && <BoughtByTheDay measure={measure} />}
          {data?.before && `; ${data.plan ? "dashes" : "line"}: the same weekdays ${data.earlier}`}
          {data?.plan && "; line: plan"}
          {kind === "share" && "; parts of the whole"}
          {data && data.partial.size > 0 && (kind === "line" ? "; ring: not whole" : "; hatched: not whole")}
        </span>
        <button className="quiet" onClick={() => change({ chart: table ? undefined : "table" })}>
          {table ? "View as chart" : "View as table"}
        </button>
        <ExportMenu question={question} name={`${MEASURES[measure]} by ${w.grain}`} />
      </div>
      {asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {data && <Chart data={data} table={table} pick={pick} />}
      {!data && !asked.error && <div className="drawing" aria-busy="true" />}
    </section>
  );
}

const planned = (plan: Planned, buckets: string[]): Planned =>
  new Map(buckets.map((bucket) => [bucket, plan.get(bucket.slice(0, 10)) ?? null]));
