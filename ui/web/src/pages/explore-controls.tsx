import { DIMENSIONS, MEASURES, type Measure } from "../lib/view";
import { useView } from "../ui/house";

const word = (dimension: string): string => dimension.replace("_", " ");

/** What is measured, and by what it is cut. */
export function Controls(p: { dimension: string; second: string | undefined; measure: Measure }) {
  const { change } = useView();
  return (
    <div className="controls">
      <select aria-label="Measure" value={p.measure} onChange={(e) => change({ m: e.target.value as Measure })}>
        {Object.entries(MEASURES).map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <select aria-label="Group by" value={p.dimension} onChange={(e) => change({ g: e.target.value })}>
        {DIMENSIONS.map((d) => (
          <option key={d} value={d}>
            by {word(d)}
          </option>
        ))}
      </select>
      <select aria-label="Then by" value={p.second ?? ""} onChange={(e) => change({ g2: e.target.value || undefined })}>
        <option value="">then by nothing</option>
        {DIMENSIONS.filter((d) => d !== p.dimension).map((d) => (
          <option key={d} value={d}>
            then by {word(d)}
          </option>
        ))}
      </select>
    </div>
  );
}
