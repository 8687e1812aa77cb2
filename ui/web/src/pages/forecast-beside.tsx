import type { Forecast } from "../api/client";
import { units } from "../lib/decimal";
import { money, percent } from "../lib/format";
import { dayOf, short } from "../lib/time";

/** Says what a holiday or a launch does. */
function occasionText(one: Forecast["occasions"][number]): string {
  const whose = Object.entries(one.where).map(([name, value]) => ` of ${name.replace("_", " ")} ${value}`);
  const days =
    one.days.length > 2 ? `${one.days.length} days from ${short(one.days[0] ?? "")}` : one.days.map(short).join(", ");
  const head = `${one.kind === "holiday" ? "Holiday" : "Launch"} ${one.name}${whose.join("")}, ${days}: `;
  if (one.like) return `${head}begins as ${one.like} did, where that is a group here.`;
  if (one.groups === 0) return `${head}no group here is wholly its; nothing is changed for it.`;
  if (one.factor === null) return `${head}nobody knows what it does; nothing is changed for it.`;
  const unknown = one.unknown > 0 ? `; of ${one.unknown} more nobody knows` : "";
  return `${head}${one.groups - one.unknown} groups to ${percent(units(one.factor))} of what they would be, ${one.declared ? "as declared" : "learned from its past"}${unknown}.`;
}

/** Names what no figure holds, and what it was reckoned with. */
export function Beside({ forecast: f }: { forecast: Forecast }) {
  const booked = f.rows[0]?.booked_ahead;
  const reach = f.rows[0]?.intervals[0]?.reach;
  const missing = f.rows[0]?.intervals.flatMap((one, i) => {
    const why = f.rows.flatMap((row) => row.intervals[i]?.refused || []);
    return why.length > 0 ? [{ level: one.level, rows: why.length, why: [...new Set(why)].slice(0, 5) }] : [];
  });
  return (
    <div className="inset">
      {booked && units(booked) !== 0n && (
        <p className="soft">
          Booked ahead: {money(units(booked), f.currency)} of the total, by purchases whose days of service are known.
          Nothing is guessed of what follows their last one.
        </p>
      )}
      {f.price_changes.map((one) => (
        <p className="soft" key={`${one.seller} ${one.sku} ${one.at}`}>
          Known price change: {one.seller} {one.sku} from {short(dayOf(Date.parse(one.at), f.tz))} to{" "}
          {one.factor === null ? "a price that nobody knows" : `${percent(units(one.factor))} of the price before`}.
        </p>
      ))}
      {f.occasions.map((one) => (
        <p className="soft" key={`${one.kind} ${one.name} ${Object.values(one.where).join()}`}>
          {occasionText(one)}
        </p>
      ))}
      {reach && (
        <p className="soft">
          The interval of the total reaches {percent(units(reach))} as far as its past says, by how earlier forecasts
          held.
        </p>
      )}
      <p className="soft">
        In no figure here: {f.unpriced.calls} calls unpriced and {f.unconverted_lines} lines unconverted.
      </p>
      {missing && missing.length > 0 && (
        <details>
          <summary>Why intervals are missing</summary>
          <ul>
            {missing.map(({ level, rows, why }) => (
              <li key={level}>
                {`${rows} of ${f.rows.length} rows have no interval of ${level}%: it is made of how far earlier forecasts of ${f.days} days were off, and their past has too few of these.`}
                <details>
                  <summary>What was counted</summary>
                  {why.map((one) => (
                    <p className="soft" key={one}>{`${one}.`}</p>
                  ))}
                </details>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
