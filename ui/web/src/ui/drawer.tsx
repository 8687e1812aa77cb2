import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getExplained, type Explained, type Fault } from "../api/client";
import { magnitude, units } from "../lib/decimal";
import { cents, exact } from "../lib/format";
import { asWhere, narrow, readFilter, writeFilter } from "../lib/filter";
import { against } from "../lib/window";
import { toldOf } from "../pages/bill-effects";
import { shower } from "../pages/bill-tables";
import { useView } from "./house";
import { nameOf } from "./series";
import { Trouble } from "./trouble";

/** A slice of the spend: one value of a dimension, or of two. */
export interface Slice {
  dimension: string;
  key: string;
  within?: { dimension: string; key: string };
}

/** Says why one slice changed, in effects that sum to the change. */
export function ChangeDrawer({ slice, close }: { slice: Slice | null; close: () => void }) {
  return (
    <Drawer
      opened={slice !== null}
      onClose={close}
      position="right"
      size={420}
      lockScroll={false}
      title={slice ? nameOf(slice.key, slice.dimension) : ""}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {slice && <Why slice={slice} />}
    </Drawer>
  );
}

function Why({ slice }: { slice: Slice }) {
  const { view, window: w, change } = useView();
  const given = readFilter(view.f ?? "");
  const around = slice.within ? narrow(given, slice.within.dimension, slice.within.key) : given;
  const filter = narrow(around, slice.dimension, slice.key);
  const before = against(w);
  const query = {
    by: "workflow", // as the bill of this slice alone
    from: `${before?.since ?? ""}..${before?.until ?? ""}`,
    to: `${w.since}..${w.until}`,
    where: filter.map(asWhere),
    ...(view.cur && { currency: view.cur }),
  };
  const asked = useQuery<Explained, Fault>({
    queryKey: ["ledger", "explain", query],
    queryFn: ({ signal }) => getExplained(query, signal),
    enabled: before !== null,
  });
  return (
    <>
      {before && (
        <p className="soft">
          {w.text} against {before.text}
        </p>
      )}
      {!before && <p className="soft">Choose a range with a beginning and an end to see why it changed.</p>}
      {asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {asked.isLoading && <p role="status">Reading the ledger…</p>}
      {asked.data && <Effects explained={asked.data} />}
      <button className="control" onClick={() => change({ f: writeFilter(filter) })}>
        Show this slice alone
      </button>
    </>
  );
}

// Effects tells them as the bill does, the largest first; what moved nothing is left out.
function Effects({ explained: { sentence, total, currency } }: { explained: Explained }) {
  const told = toldOf(total);
  const show = shower(currency);
  const effects = bySize(told.effects.filter((e) => e.units !== 0n));
  const groups = bySize(told.headlines).filter((h) => effects.some((e) => e.headline === h.id));
  const amount = (name: string, n: bigint, text: string) => (
    <tr>
      <th scope="row">{name}</th>
      <td title={exact(text, currency)}>{cents(n, units(text), currency)}</td>
    </tr>
  );
  return (
    <>
      <p>{sentence}</p>
      <table aria-label="Why it changed">
        <tbody>{amount("Before", told.before, total.before)}</tbody>
        {groups.map((h) => (
          <tbody key={h.id}>
            <tr className="above">
              <th scope="row">By {h.id}</th>
              <td>{show(h.cents, h.units, h.exact)}</td>
            </tr>
            {effects
              .filter((e) => e.headline === h.id)
              .map((e) => (
                <tr key={e.id} data-effect={e.id}>
                  <th scope="row" className="deeper" title={e.what}>
                    {e.name}
                  </th>
                  <td>{show(e.cents, e.units, e.exact)}</td>
                </tr>
              ))}
          </tbody>
        ))}
        <tbody>
          <tr>
            <th scope="row">Change</th>
            <td>{show(told.after - told.before, units(total.change) ?? 0n, total.change)}</td>
          </tr>
          {amount("Now", told.after, total.after)}
        </tbody>
      </table>
    </>
  );
}

const bySize = <T extends { units: bigint }>(all: T[]): T[] =>
  all.toSorted((a, b) => (magnitude(a.units) < magnitude(b.units) ? 1 : -1));
