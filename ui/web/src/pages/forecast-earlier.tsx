import { useQuery } from "@tanstack/react-query";
import { getForecasts, type Fault, type KeptForecasts } from "../api/client";
import { units } from "../lib/decimal";
import { money } from "../lib/format";
import { span } from "../lib/time";
import { Trouble } from "../ui/trouble";

type Kept = KeptForecasts["items"][number];

/** Forecasts that were kept, beside what came. */
export function Earlier() {
  const asked = useQuery<KeptForecasts, Fault>({
    queryKey: ["forecasts"],
    queryFn: ({ signal }) => getForecasts(signal),
  });
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  const kept = asked.data?.items ?? [];
  return (
    <section className="card">
      <div className="title">
        <h2>Earlier forecasts</h2>
        <span className="soft">
          each is kept in the currency of the books, and judged when its days are over and settled
        </span>
      </div>
      {kept.length === 0 && <p className="soft">None is kept yet.</p>}
      {kept.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label="Earlier forecasts">
          <table>
            <thead>
              <tr>
                {["Days", "By", "Forecast", "Came", "Off by", "80% held"].map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {kept.map((one) => (
                <Row key={one.id} kept={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ kept }: { kept: Kept }) {
  const write = (text: string): string =>
    kept.measure === "cost" ? money(units(text), kept.currency) : `${text} ${kept.measure}`;
  const j = kept.judgement;
  const held = j?.levels[0];
  return (
    <tr>
      <th scope="row">{span(kept.from.slice(0, 10), kept.to.slice(0, 10))}</th>
      <td>{kept.by.join(", ") || "the whole"}</td>
      <td>{write(kept.mean)}</td>
      <td>{j ? write(j.came) : kept.state}</td>
      <td>{j?.error_pct ? `${j.error_pct}%` : "\u2013"}</td>
      <td>{held ? `${held.held} of ${held.asked}` : "\u2013"}</td>
    </tr>
  );
}
