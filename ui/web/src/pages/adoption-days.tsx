import { useMemo } from "react";
import type { Adoption } from "../api/adoption";
import type { Window } from "../lib/view";
import { Chart } from "../ui/chart";
import { useHouse, useView } from "../ui/house";
import { partialOf, type ChartData } from "../ui/series";

interface Props {
  shown: Adoption;
  window: Window;
  today: string;
  busy: string;
}

/** How many people were active on each day; a gap is a day with too few. */
export function PeopleByDay({ shown, window: w, today, busy }: Props) {
  const { now } = useHouse();
  const { view, change } = useView();
  const data = useMemo((): ChartData => {
    const buckets = shown.days.map((d) => d.day.slice(0, 10));
    const values = new Map(
      shown.days.map((d) => [d.day.slice(0, 10), d.people === null ? null : String(d.people)] as const),
    );
    return {
      buckets,
      kind: "stack",
      earlier: "",
      series: [{ key: null, name: "people active", colour: 1, values }],
      currency: "",
      unsaid: `fewer than ${shown.minimum_group}`,
      label: `People active by day, ${w.text}`,
      grain: "day",
      partial: partialOf(buckets, { ...w, grain: "day" }, today, now()),
    };
    // The window is made anew each time; its text says whether it is another one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [shown.days, shown.minimum_group, w.text, today]);
  const table = view.chart === "table";
  const gaps = shown.days.some((d) => d.people === null);
  return (
    <section className={busy}>
      <div className="title">
        <h2>People active by day</h2>
        <span className="soft">
          with a call that names them
          {gaps && `; a gap is a day with fewer than ${shown.minimum_group}`}
          {data.partial.size > 0 && "; hatched: not whole"}
        </span>
        <button className="quiet" onClick={() => change({ chart: table ? undefined : "table" })}>
          {table ? "View as chart" : "View as table"}
        </button>
      </div>
      <Chart data={data} table={table} pick={() => undefined} />
    </section>
  );
}
