import { useState, type ReactNode } from "react";
import type { Answer, Row } from "../api/client";
import { units } from "../lib/decimal";
import { cents, count, exact } from "../lib/format";
import { narrow, readFilter, writeFilter } from "../lib/filter";
import { MEASURES, type Measure } from "../lib/view";
import { ChangeDrawer, type Slice } from "./drawer";
import { useView } from "./house";
import { linesOf, type Inner, type Line } from "./lines";
import { nameOf } from "./series";
import { beforeColumns, changeColumn, shareOf } from "./slices-columns";
import { SpendTable, type Column } from "./spend-table";

export type { Line } from "./lines";

interface Props {
  answer: Answer;
  dimension: string;
  measure: Measure;
  inner?: Inner; // rows inside of the rows
  whole?: boolean; // with the figures of the window before, and the difference
  more?: Column<Line>[];
  open?: (key: string) => void; // what a click does, in place of a filter
  next?: string; // the dimension that a click leads to
}

/** A table of one dimension: rows and other add up to the total, and rows inside to their row. */
export function Slices({ answer, dimension, measure, inner, whole, more = [], next, open }: Props) {
  const [slice, setSlice] = useState<Slice | null>(null);
  const made = linesOf(answer, dimension, measure, inner);
  const drill = useDrill(dimension, inner, next);
  const { total, meta } = answer;
  const show: Figure = (values, shown) => figure(values, shown, measure, meta.currency);
  const columns: Column<Line>[] = [
    {
      id: dimension,
      name: inner ? `${title(dimension)}, ${title(inner.dimension).toLowerCase()}` : title(dimension),
      by: (l) => (l.rest ? null : l.key),
      foot: "Total",
      show: (l) => (
        <Name line={l} of={inner && l.outer !== undefined ? inner.dimension : dimension} open={open ?? drill} />
      ),
    },
    {
      id: "spend",
      name: MEASURES[measure],
      by: (l) => (l.rest ? null : units(l.row.values[measure])),
      foot: show(total.values, made.total),
      show: (l) => show(l.row.values, l.shown),
    },
    { id: "share", name: "Share", foot: "", show: (l) => shareOf(l.row.values[measure], total.values[measure]) },
    ...(total.previous && whole ? beforeColumns(made, answer, measure) : []),
    ...(total.previous ? [changeColumn(measure, answer)] : []),
    ...more,
    {
      id: "why",
      name: "Why",
      foot: "",
      show: (l) => !l.rest && <Explain line={l} dimension={dimension} inner={inner} set={setSlice} />,
    },
  ];
  const named = made.lines.filter((l) => l.key !== "" && !l.rest);
  const pinned = made.lines.filter((l) => l.key === "" || l.rest);
  return (
    <>
      <SpendTable
        label={`By ${dimension}`}
        columns={columns}
        lines={named}
        sort="-spend"
        idOf={(l) => JSON.stringify([l.outer ?? null, l.key, l.rest ?? false])}
        inside={inner && ((l) => l.inside)}
        pinned={pinned}
      />
      <ChangeDrawer slice={slice} close={() => setSlice(null)} />
    </>
  );
}

type Figure = (values: Row["values"], shown: bigint | null) => ReactNode;

function figure(values: Row["values"], shown: bigint | null, measure: Measure, currency: string): ReactNode {
  const text = values[measure];
  if (measure !== "cost") return <span data-exact={text}>{count(units(text))}</span>;
  if (text === null && values.calls === "0") return "\u2013"; // nothing was asked for, so nothing lacks a price
  if (text === null && values.unpriced_calls && values.unpriced_calls !== values.calls) return "no rate";
  return (
    <span title={exact(text, currency)} data-exact={text}>
      {cents(shown, units(text), currency)}
    </span>
  );
}

// useDrill narrows to a row and goes on to the next level, or into the rows inside.
function useDrill(dimension: string, inner: Inner | undefined, next: string | undefined) {
  const { view, change } = useView();
  return (key: string, outer?: string): void => {
    const filter = readFilter(view.f ?? "");
    const f =
      outer === undefined || !inner
        ? narrow(filter, dimension, key)
        : narrow(narrow(filter, dimension, outer), inner.dimension, key);
    const g = outer === undefined && inner ? inner.dimension : next;
    change({ f: writeFilter(f), ...(g && { g }), ...(inner && { g2: undefined }) });
  };
}

function Name({ line: l, of, open }: { line: Line; of: string; open: (key: string, outer?: string) => void }) {
  const name = l.rest ? l.key || "other" : nameOf(l.key, of);
  const inside = l.outer === undefined ? undefined : "inside";
  if (l.rest) return <span className={inside ? "inside soft" : "soft"}>{name}</span>;
  return (
    <button className={inside} onClick={() => open(l.key, l.outer)}>
      {name}
    </button>
  );
}

function Explain(p: { line: Line; dimension: string; inner: Inner | undefined; set: (slice: Slice) => void }) {
  const { line: l, dimension, inner } = p;
  const slice: Slice =
    l.outer === undefined || !inner
      ? { dimension, key: l.key }
      : { dimension: inner.dimension, key: l.key, within: { dimension, key: l.outer } };
  const name = [slice.within && nameOf(l.outer ?? "", dimension), nameOf(l.key, slice.dimension)];
  return (
    <button className="quiet" aria-label={`explain ${name.filter(Boolean).join(", ")}`} onClick={() => p.set(slice)}>
      explain
    </button>
  );
}

const title = (dimension: string): string => dimension.charAt(0).toUpperCase() + dimension.slice(1).replace("_", " ");
