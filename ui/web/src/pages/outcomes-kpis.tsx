import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getKpis, type Kpi, type Kpis } from "../api/months";
import { units } from "../lib/decimal";
import { exact, percent, unitCost } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { useView } from "../ui/house";
import { Trouble } from "../ui/trouble";

/** The measures of the last whole month, each with its formula on hover. They are of the whole organisation. */
export function Measures() {
  const { cur } = useView().view;
  const asked = useQuery<Kpis, Fault>({
    queryKey: ["ledger", "kpis"],
    queryFn: ({ signal }) => getKpis({}, signal),
    placeholderData: keepPreviousData,
  });
  if (asked.error?.status === 403) return null; // they are about everybody's usage
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading measures…</p>;
  const { items, currency, period, before, sources } = asked.data;
  const known = items.filter((one) => !one.missing && !one.workflow);
  const lacking = items.filter((one) => one.missing && !one.workflow);
  const finality = (one: Kpi): string => sources.find((s) => s.id === one.source)?.finality ?? "";
  return (
    <section className="card">
      <div className="title">
        <h2>Measures of FinOps for AI</h2>
        <span className="soft">
          {period.name}, before {before.name}; those of each workflow are in the export
          {cur &&
            `; in ${currency}, the currency of the books: parts of a formula come from questions of several kinds`}
        </span>
        <AskedMenu
          name="measures"
          asked={{ path: "/api/v1/kpis", query: {}, file: "kpis", command: "bursar report kpis", csv: true }}
        />
      </div>
      <div className="scroll" tabIndex={0} role="region" aria-label="Measures of FinOps for AI">
        <table>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col">Now</th>
              <th scope="col">Before</th>
              <th scope="col">Figures are</th>
            </tr>
          </thead>
          <tbody>
            {known.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <span title={one.formula}>{one.name}</span>
                </th>
                {[one.now, one.before].map((value, at) => (
                  <td key={at} title={`${one.formula}${value === null ? "" : `: ${told(one, value, currency)}`}`}>
                    {shown(one, value, currency)}
                  </td>
                ))}
                <td className="soft">{finality(one)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lacking.length > 0 && (
        <details className="foot soft">
          <summary>{lacking.length} measures have no source yet</summary>
          <ul>
            {lacking.map((one) => (
              <li key={one.id} title={one.formula}>
                {one.name}: {one.missing}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const told = (one: Kpi, value: string, currency: string): string =>
  one.unit === "each" ? exact(value, currency) : value;

const shown = (one: Kpi, value: string | null, currency: string): string => {
  if (value === null) return "\u2013";
  return one.unit === "percent" ? percent(units(value)) : unitCost(units(value), currency);
};
