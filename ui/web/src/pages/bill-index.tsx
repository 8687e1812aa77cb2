import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getPriceIndex, type PriceIndexes, type PriceMonth } from "../api/months";
import { units } from "../lib/decimal";
import { percent } from "../lib/format";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { useView } from "../ui/house";
import { Trouble } from "../ui/trouble";
import "./bill-index.css";
import { IndexLines } from "./bill-index-lines";

const LINES: [key: keyof Pick<PriceMonth, "ours" | "market" | "newest">, name: string][] = [
  ["ours", "Ours"],
  ["market", "Market"],
  ["newest", "Newest models"],
];

/** List prices of what was used, by month, beside the market's. They are of the whole organisation. */
export function PriceIndex() {
  const { cur } = useView().view;
  const query = cur ? { currency: cur } : {};
  const asked = useQuery<PriceIndexes, Fault>({
    queryKey: ["ledger", "price-index", query],
    queryFn: ({ signal }) => getPriceIndex(query, signal),
    placeholderData: keepPreviousData,
  });
  if (asked.error?.status === 403) return null; // it is about everybody's usage
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading list prices…</p>;
  const { months, market_basket: basket, sentence } = asked.data;
  const first = months[0]?.month ?? "";
  return (
    <section className="card">
      <div className="title">
        <h2>List prices, ours and the market’s</h2>
        <span className="soft">
          {first} is 100%; months are linked by Fisher’s index of what has a price at both ends
        </span>
        <AskedMenu
          name="list prices"
          asked={{
            path: "/api/v1/price-index",
            query,
            file: "price-index",
            command: `bursar price index ${flagsOf(query)}`.trim(),
            csv: true,
          }}
        />
      </div>
      <p className="foot">{sentence}</p>
      <IndexLines
        label={`List prices by month from ${first}`}
        months={months.map((m) => m.month)}
        lines={LINES.map(([key, name]) => ({ name, levels: months.map((m) => m[key].level) }))}
      />
      <div className="scroll" tabIndex={0} role="region" aria-label="List prices by month">
        <table>
          <thead>
            <tr>
              <th scope="col">Month</th>
              {LINES.map(([key, name]) => (
                <th scope="col" key={key}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map((m) => (
              <tr key={m.month}>
                <th scope="row">{m.month}</th>
                {LINES.map(([key]) => (
                  <td key={key} title={`${m[key].level ?? "not known"}, ${m[key].models} models compared`}>
                    {m[key].level === null ? "not known" : percent(units(m[key].level))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="foot soft">
        Ours: what was used. Market: {basket.models} sellers’ models of price book {basket.price_book}, one dollar of
        each, checked up to {basket.checked.slice(0, 10)}. Newest: the newest model of each product line at its maker;
        successors are not the same thing.
      </p>
    </section>
  );
}
