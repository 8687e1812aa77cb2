import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getExplained, type Explained, type Fault } from "../api/client";
import { units } from "../lib/decimal";
import { exact, money } from "../lib/format";
import { asWhere, narrow, readFilter, writeFilter } from "../lib/filter";
import { against } from "../lib/window";
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

function Effects({ explained: { sentence, total, currency } }: { explained: Explained }) {
  const line = (name: string, text: string) => (
    <tr key={name}>
      <th scope="row">{name.replaceAll("_", " ")}</th>
      <td title={exact(text, currency)}>{money(units(text), currency)}</td>
    </tr>
  );
  return (
    <>
      <p>{sentence}</p>
      <table>
        <tbody>
          {line("before", total.before)}
          {Object.entries(total.effects).map(([name, text]) => line(name, text))}
          {line("change", total.change)}
          {line("now", total.after)}
        </tbody>
      </table>
    </>
  );
}
