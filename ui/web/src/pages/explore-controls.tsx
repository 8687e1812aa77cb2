import { grainsOf } from "../lib/grain";
import { DIMENSIONS, MEASURES, type Measure, type View } from "../lib/view";
import { useView } from "../ui/house";

const CHARTS = [
  ["", "Stacked"],
  ["line", "Lines"],
  ["share", "Shares"],
  ["heat", "Hour by weekday"],
  ["table", "Table"],
] as const;

/** What is measured, by what it is cut, and how it is drawn. */
export function Controls(p: { dimension: string; second: string | undefined; measure: Measure }) {
  const { view, window: w, change } = useView();
  const cuts = DIMENSIONS.map((d) => [d, d.replace("_", " ")] as const);
  const grains = grainsOf(w);
  const grain = view.gran && grains.includes(view.gran) ? view.gran : "";
  return (
    <div className="controls">
      <Choice
        name="Measure"
        value={p.measure}
        options={Object.entries(MEASURES)}
        choose={(id) => change({ m: id as Measure })}
      />
      <Choice
        name="Group by"
        value={p.dimension}
        options={cuts.map(([id, word]) => [id, `by ${word}`] as const)}
        choose={(id) => change({ g: id })}
      />
      <Choice
        name="Then by"
        value={p.second ?? ""}
        options={[
          ["", "then by nothing"],
          ...cuts.filter(([id]) => id !== p.dimension).map(([id, word]) => [id, `then by ${word}`] as const),
        ]}
        choose={(id) => change({ g2: id || undefined })}
      />
      <Choice
        name="Time in"
        value={grain}
        options={[["", "time as it fits"], ...grains.map((g) => [g, `${g}s`] as const)]}
        choose={(id) => change({ gran: (id || undefined) as View["gran"] })}
      />
      <Choice
        name="Chart"
        value={view.chart ?? ""}
        options={CHARTS}
        choose={(id) => change({ chart: (id || undefined) as View["chart"] })}
      />
    </div>
  );
}

function Choice(p: {
  name: string;
  value: string;
  options: readonly (readonly [id: string, name: string])[];
  choose: (id: string) => void;
}) {
  return (
    <select aria-label={p.name} value={p.value} onChange={(e) => p.choose(e.target.value)}>
      {p.options.map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
