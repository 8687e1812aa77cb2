import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { getExplained, type Explained, type Fault } from "../api/client";
import { pixels } from "../lib/decimal";
import { difference, exact } from "../lib/format";
import { asWhere, readFilter } from "../lib/filter";
import { useView } from "../ui/house";
import { Trouble } from "../ui/trouble";
import { toldOf, type Effect } from "./bill-effects";

/** Asks why the spend of the window changed, as the bill does that its link opens; the answer has the index of prices too. */
export function useMoved() {
  const { view, window: w } = useView();
  const where = readFilter(view.f ?? "").map(asWhere);
  const query = {
    by: "workflow",
    from: `${w.earlier?.since}..${w.earlier?.until}`,
    to: `${w.since}..${w.until}`,
    ...(where.length > 0 && { where }),
    ...(view.cur && { currency: view.cur }),
  };
  return useQuery<Explained, Fault>({
    queryKey: ["ledger", "explain", query],
    queryFn: ({ signal }) => getExplained(query, signal),
    placeholderData: keepPreviousData,
    enabled: w.earlier !== null,
  });
}

/** The effects that moved the bill, as bars to both sides; they sum to the change. */
export function WhyMoved() {
  const { window: w } = useView();
  const asked = useMoved();
  return (
    <section className={asked.isPlaceholderData ? "card busy" : "card"}>
      <div className="title">
        <h2>Why the bill moved</h2>
        <Link className="quiet" to="/bill" search={(old) => ({ ...old, sort: undefined })}>
          Explain
        </Link>
      </div>
      {!asked.data && !asked.error && (
        <p className="inset soft">
          {w.before ? "Reading the ledger…" : "Choose a range with a beginning and an end, and a comparison."}
        </p>
      )}
      {asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {asked.data && !asked.error && <Effects explained={asked.data} />}
    </section>
  );
}

function Effects({ explained: { total, sentence, currency } }: { explained: Explained }) {
  const told = toldOf(total);
  const effects = told.effects.filter((e) => e.units !== 0n).sort((a, b) => size(b) - size(a));
  const most = Math.max(1e-12, ...effects.map(size));
  const moved = told.after - told.before;
  return (
    <>
      <p className="inset">{sentence}</p>
      <table className="moved">
        <caption className="hidden">Effects that sum to the change</caption>
        <tbody>
          {effects.map((e) => (
            <tr key={e.id}>
              <th scope="row" title={e.what}>
                {e.name}
              </th>
              <td>
                <Bar part={size(e) / most} adds={e.units > 0n} />
              </td>
              <td title={exact(e.exact, currency)} data-exact={e.exact}>
                {difference(e.cents, e.units, currency)}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Total change</th>
            <td />
            <td title={exact(total.change, currency)} data-exact={total.change}>
              {difference(moved, moved, currency)}
            </td>
          </tr>
        </tfoot>
      </table>
      <p className="inset soft">Nothing is left unexplained: the effects sum to the change.</p>
    </>
  );
}

const size = (e: Effect): number => Math.abs(pixels(e.exact) ?? 0);

const Bar = ({ part, adds }: { part: number; adds: boolean }) => (
  <svg className="side" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    <rect
      className={adds ? "adds" : "saves"}
      x={adds ? 50 : 50 - part * 50}
      width={Math.max(0.6, part * 50)}
      height={12}
    />
    <line x1={50} x2={50} y1={-4} y2={16} vectorEffect="non-scaling-stroke" />
  </svg>
);
