import { zoneOf } from "../lib/time";
import type { View } from "../lib/view";
import { useHouse, useView } from "./house";

/** Chooses the zone in which times are shown; days stay those of the organisation. */
export function ZoneSelect() {
  const { session } = useHouse();
  const { view, change } = useView();
  const named = {
    "": `${session.zone}, the organisation's`,
    ...(session.zone !== "UTC" && { utc: "UTC" }),
    browser: `${zoneOf("browser", "")}, this browser's`,
  };
  return (
    <select
      aria-label="Times in"
      title={`Times are shown in this zone. Days begin at midnight in ${session.zone}, whatever is chosen.`}
      value={view.tz && view.tz in named ? view.tz : ""}
      onChange={(e) => change({ tz: (e.target.value || undefined) as View["tz"] })}
    >
      {Object.entries(named).map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
