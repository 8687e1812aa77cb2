import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getHours, type HourQuestion, type Hours } from "../api/hours";
import { pixels, units } from "../lib/decimal";
import { axis, count, exact, headline } from "../lib/format";
import { MEASURES, questionOf, type Measure } from "../lib/view";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { BoughtByTheDay, BY_THE_CLOCK } from "../ui/by-the-clock";
import { useView } from "../ui/house";
import { Trouble } from "../ui/trouble";
import "./explore.css";

const WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY = Array.from({ length: 24 }, (_, hour) => hour);
const STEPS = 8; // of colour

/** One measure by hour and weekday, in the organisation's zone. */
export function Heat({ measure }: { measure: Measure }) {
  const { view, window: w } = useView();
  const question = questionOf(view, w, { measures: measure, ...BY_THE_CLOCK }) as HourQuestion;
  const asked = useQuery<Hours, Fault>({
    queryKey: ["ledger", "hours", question],
    queryFn: ({ signal }) => getHours(question, signal),
    placeholderData: keepPreviousData,
  });
  const { meta, total } = asked.data ?? {};
  const all = units(total?.values[measure]);
  return (
    <section className={asked.isPlaceholderData ? "card busy" : "card"}>
      <div className="title">
        <h2>{MEASURES[measure]} by hour and weekday</h2>
        <span className="soft">
          {meta && `days and hours in ${meta.window.tz}; they add up to `}
          {meta && (measure === "cost" ? headline(all, meta.currency) : count(all))}
          <BoughtByTheDay measure={measure} />
        </span>
        <AskedMenu
          name="hours of the week"
          asked={{
            path: "/api/v1/spend/hours",
            query: { ...question },
            file: "hours",
            csv: true,
            command: `bursar spend --grain hour ${flagsOf({ ...question })}`,
          }}
        />
      </div>
      {asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {asked.data && <Week hours={asked.data} measure={measure} />}
      {!asked.data && !asked.error && <div className="drawing" aria-busy="true" />}
    </section>
  );
}

// brief is a figure that a narrow cell has room for; the exact one is behind it.
const brief = (drawn: number, currency: string): string =>
  currency && drawn > 0 && drawn < 0.01 ? "<0.01" : axis(Number(drawn.toPrecision(2)), currency);

function Week({ hours: { rows, meta }, measure }: { hours: Hours; measure: Measure }) {
  const at = new Map(rows.map((row) => [row.weekday * 24 + row.hour, row]));
  const most = Math.max(0, ...rows.map((row) => pixels(row.values[measure]) ?? 0));
  const currency = measure === "cost" ? meta.currency : "";
  const cell = (weekday: number, hour: number) => {
    const row = at.get(weekday * 24 + hour);
    const text = row?.values[measure];
    if (!row || text === undefined) return <td key={hour} className="none" />; // a gap, and no zero
    const drawn = pixels(text);
    const step = drawn === null || most === 0 ? 0 : Math.max(0, Math.ceil((drawn / most) * STEPS));
    const figure = currency ? exact(text, currency) : text;
    return (
      <td
        key={hour}
        className={`heat-${step}`}
        title={`${WEEK[weekday - 1]}, ${hour}:00 to ${hour + 1}:00: ${figure} in ${row.times} such hours`}
        data-exact={text}
      >
        {drawn === null ? "unpr." : brief(drawn, currency)}
      </td>
    );
  };
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={`${MEASURES[measure]} by hour and weekday`}>
      <table className="heat">
        <thead>
          <tr>
            <th scope="col">Hour</th>
            {DAY.map((hour) => (
              <th scope="col" key={hour}>
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WEEK.map((name, i) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {DAY.map((hour) => cell(i + 1, hour))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
