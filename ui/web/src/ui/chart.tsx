import { lazy, Suspense } from "react";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { bucketName, type ChartData } from "./series";

const Drawing = lazy(() => import("./chart-drawing"));

/** Bars over time, stacked by a dimension, or the same figures as a table. */
export function Chart({ data, table, pick }: { data: ChartData; table: boolean; pick: (key: string) => void }) {
  if (table) return <AsTable data={data} />;
  return (
    <>
      <ul className="legend">
        {data.series.map((s) => (
          <li key={s.key ?? "\u0000"}>
            <i className={`swatch c${s.colour}`} />
            {s.key === null ? s.name : <button onClick={() => pick(s.key ?? "")}>{s.name}</button>}
          </li>
        ))}
      </ul>
      <Suspense fallback={<div className="drawing" aria-busy="true" />}>
        <Drawing data={data} pick={pick} />
      </Suspense>
    </>
  );
}

function AsTable({ data }: { data: ChartData }) {
  const write = (text: string | null | undefined): string => {
    if (text === undefined) return "\u2013";
    if (text === null && data.unsaid) return data.unsaid;
    return data.currency ? money(units(text), data.currency) : count(units(text));
  };
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={data.label}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              {{ minute: "Minute", hour: "Hour", day: "Day", week: "Week", month: "Month" }[data.grain]}
            </th>
            {data.series.map((s) => (
              <th scope="col" key={s.key ?? "\u0000"}>
                {s.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.buckets.map((bucket) => (
            <tr key={bucket}>
              <th scope="row">
                {bucketName(bucket, data, "full")}
                {data.partial.has(bucket) && <span className="soft">, not whole</span>}
              </th>
              {data.series.map((s) => (
                <td key={s.key ?? "\u0000"}>{write(s.values.get(bucket))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
