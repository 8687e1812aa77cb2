import { Link } from "@tanstack/react-router";
import type { Explained } from "../api/client";
import { apportion } from "../lib/apportion";
import { magnitude, ONE, units } from "../lib/decimal";
import { difference, exact, headline, percent } from "../lib/format";
import { narrow, readFilter, writeFilter } from "../lib/filter";
import { AskedMenu, type Asked } from "../ui/asked-menu";
import { useView } from "../ui/house";
import { nameOf } from "../ui/series";

const MOST = 10;

/** How prices moved, and by which models; where no price moved it says so. */
export function Prices({ explained, asked }: { explained: Explained; asked: Asked }) {
  const { view } = useView();
  const { rows, currency, list_price_index: index, new_models, gone_models } = explained;
  const fisher = units(index.fisher);
  const size = (row: Explained["total"]): bigint => magnitude(units(row.headlines.price) ?? 0n);
  const moved = rows.filter((row) => size(row) > 0n).sort((a, b) => (size(a) < size(b) ? 1 : -1));
  const cuts = apportion(
    moved.map((row) => units(row.headlines.price)),
    units(explained.total.headlines.price),
  );
  return (
    <section className="card">
      <div className="title">
        <h2>Prices</h2>
        <span className="soft">
          {fisher === null ? "nothing was bought in both windows" : `list prices like for like ${sign(fisher - ONE)}`};
          models that are new cost {headline(units(new_models), currency)}, those that are gone had cost{" "}
          {headline(units(gone_models), currency)}
        </span>
        <AskedMenu name="what prices did by model" asked={asked} />
      </div>
      {moved.length === 0 ? (
        <p className="foot soft">No price moved between the two windows.</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label="Prices by model">
          <table>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Before</th>
                <th scope="col">Now</th>
                <th scope="col">By price</th>
                <th scope="col">List prices</th>
                <th scope="col">Promotions</th>
                <th scope="col">Terms</th>
                <th scope="col">Settlement</th>
              </tr>
            </thead>
            <tbody>
              {moved.slice(0, MOST).map((row, i) => (
                <tr key={row.keys.model}>
                  <th scope="row">
                    <Link
                      to="/explore"
                      search={(old) => ({
                        ...old,
                        f: writeFilter(narrow(readFilter(view.f ?? ""), "model", row.keys.model ?? "")),
                        g: "workflow",
                        m: undefined,
                        sort: undefined,
                      })}
                    >
                      {nameOf(row.keys.model ?? "", "model")}
                    </Link>
                  </th>
                  {[row.before, row.after].map((text, at) => (
                    <td key={at} title={exact(text, currency)}>
                      {headline(units(text), currency)}
                    </td>
                  ))}
                  <td title={exact(row.headlines.price, currency)}>
                    {difference(cuts[i] ?? null, units(row.headlines.price), currency)}
                  </td>
                  {["list_price", "promotion", "terms", "settlement"].map((id) => (
                    <td key={id} className="soft" title={exact(row.effects[id], currency)}>
                      {part(row.effects[id], currency)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {moved.length > MOST && (
            <p className="foot soft">
              The {MOST} that prices moved most, of {moved.length}. The export has all.
            </p>
          )}
        </div>
      )}
    </section>
  );
}

const sign = (u: bigint): string => (u > 0n ? "+" : "") + percent(u);

const part = (text: string | undefined, currency: string): string => {
  const u = units(text);
  return u === null || u === 0n ? "\u2013" : difference(apportion([u], u)[0] ?? null, u, currency);
};
