import type { ReactNode } from "react";
import type { Explained } from "../api/client";
import { magnitude, ONE, units } from "../lib/decimal";
import { difference, exact, percent } from "../lib/format";
import { nameOf } from "../ui/series";
import type { Told } from "./bill-effects";

type Show = (n: bigint, u: bigint, text: string) => ReactNode;

/** Shows an effect, with every digit behind it. */
export const shower =
  (currency: string): Show =>
  (n, u, text) => (
    <span title={exact(text, currency)} data-exact={text} data-cents={String(n)}>
      {difference(n, u, currency)}
    </span>
  );

/** What each effect is, how much it moved the bill, and which workflow most. */
export function EffectsTable({
  explained,
  told,
  pick,
}: {
  explained: Explained;
  told: Told;
  pick: (effect: string) => void;
}) {
  const { currency, rows } = explained;
  const show = shower(currency);
  const whole = units(told.row.change) ?? 0n;
  const share = (u: bigint): string => (whole === 0n ? "\u2013" : percent((u * ONE) / whole).replace("-", "\u2212"));
  const most = (id: string): string => {
    const size = (row: Explained["total"]): bigint => magnitude(units(row.effects[id]) ?? 0n);
    const first = rows.reduce<Explained["total"] | null>((a, b) => (a && size(a) >= size(b) ? a : b), null);
    return first && size(first) > 0n ? nameOf(first.keys.workflow ?? "", "workflow") : "\u2013";
  };
  const quiet = told.effects.filter((e) => e.units === 0n).map((e) => e.name.toLowerCase());
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label="What each effect means">
        <table>
          <thead>
            <tr>
              <th scope="col">Effect</th>
              <th scope="col">Amount</th>
              <th scope="col">Share of change</th>
              <th scope="col" className="left">
                Largest in
              </th>
              <th scope="col" className="left">
                What changed
              </th>
            </tr>
          </thead>
          {told.headlines
            .filter((h) => told.effects.some((e) => e.headline === h.id && e.units !== 0n))
            .map((h) => (
              <tbody key={h.id}>
                <tr className="above" id={`effect-${h.id}`} tabIndex={-1}>
                  <th scope="row">By {h.id}</th>
                  <td>{show(h.cents, h.units, h.exact)}</td>
                  <td>{share(h.units)}</td>
                  <td colSpan={2} />
                </tr>
                {told.effects
                  .filter((e) => e.headline === h.id && e.units !== 0n)
                  .map((e) => (
                    <tr key={e.id} data-effect={e.id}>
                      <th scope="row" className="deeper">
                        <button title="sorts the workflows by it" onClick={() => pick(e.id)}>
                          {e.name}
                        </button>
                      </th>
                      <td>{show(e.cents, e.units, e.exact)}</td>
                      <td>{share(e.units)}</td>
                      <td className="left">{most(e.id)}</td>
                      <td className="left soft">{e.what}</td>
                    </tr>
                  ))}
              </tbody>
            ))}
          <tfoot>
            <tr>
              <th scope="row">Change</th>
              <td>{show(told.after - told.before, whole, told.row.change)}</td>
              <td>{whole === 0n ? "\u2013" : "100.0%"}</td>
              <td colSpan={2} />
            </tr>
          </tfoot>
        </table>
      </div>
      {quiet.length > 0 && <p className="foot soft">Without any effect: {quiet.join(", ")}.</p>}
    </>
  );
}
