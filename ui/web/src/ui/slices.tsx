import { useState, type ReactNode } from "react";
import type { Answer, Row } from "../api/client";
import { apportion } from "../lib/apportion";
import { units } from "../lib/decimal";
import { cents, count, exact, percent } from "../lib/format";
import { narrow, readFilter, writeFilter } from "../lib/filter";
import { MEASURES, type Measure } from "../lib/view";
import { ChangeDrawer, type Slice } from "./drawer";
import { useView } from "./house";
import { keyOf, nameOf } from "./series";
import { SpendTable, type Column } from "./spend-table";
import { Delta } from "./tile";

/** A row with the cents that it shows, so that the shown parts sum to the shown total. */
export interface Line {
  key: string;
  row: Row;
  shown: bigint | null;
}

interface Props {
  answer: Answer;
  dimension: string;
  measure: Measure;
  more?: Column<Line>[];
  open?: (key: string) => void; // what a click does, in place of a filter
  next?: string; // the dimension that a click leads to
}

/** A table of one dimension: rows and other add up to the total. */
export function Slices({ answer, dimension, measure, more = [], next, open }: Props) {
  const [slice, setSlice] = useState<Slice | null>(null);
  const { view, change } = useView();
  const { total, rows, other, meta } = answer;
  const all = [...rows.map((row) => row.values[measure]), ...(other ? [other.values[measure]] : [])].map(units);
  const cuts = apportion(all, units(total.values[measure]));
  const lines = rows.map((row, i) => ({ key: keyOf(row), row, shown: cuts[i] ?? null }));
  const figure = (values: Row["values"], shown: bigint | null): ReactNode => {
    const text = values[measure];
    if (measure !== "cost") return <span data-exact={text}>{count(units(text))}</span>;
    if (text === null && values.calls === "0") return "\u2013"; // nothing was asked for, so nothing lacks a price
    return (
      <span title={exact(text, meta.currency)} data-exact={text}>
        {cents(shown, units(text), meta.currency)}
      </span>
    );
  };
  const drill =
    open ??
    ((key: string): void =>
      change({ f: writeFilter(narrow(readFilter(view.f ?? ""), dimension, key)), ...(next && { g: next }) }));
  const columns: Column<Line>[] = [
    {
      id: dimension,
      name: title(dimension),
      by: (l) => l.key,
      foot: "Total",
      show: (l) => <button onClick={() => drill(l.key)}>{nameOf(l.key, dimension)}</button>,
    },
    {
      id: "spend",
      name: MEASURES[measure],
      by: (l) => units(l.row.values[measure]),
      foot: figure(total.values, apportionTotal(all, cuts, total.values[measure])),
      show: (l) => figure(l.row.values, l.shown),
    },
    { id: "share", name: "Share", foot: "", show: (l) => shareOf(l.row.values[measure], total.values[measure]) },
    ...(total.previous ? [changeColumn(measure, answer)] : []),
    ...more,
    {
      id: "why",
      name: "Why",
      foot: "",
      show: (l) => (
        <button
          className="quiet"
          aria-label={`explain ${nameOf(l.key, dimension)}`}
          onClick={() => setSlice({ dimension, key: l.key })}
        >
          explain
        </button>
      ),
    },
  ];
  const rest = other && (
    <tr className="soft">
      <th scope="row">other{other.count ? ` (${other.count})` : ""}</th>
      <td>{figure(other.values, cuts[rows.length] ?? null)}</td>
      <td colSpan={columns.length - 2} />
    </tr>
  );
  return (
    <>
      <SpendTable
        label={`By ${dimension}`}
        columns={columns}
        lines={lines}
        sort="-spend"
        idOf={(l) => l.key}
        rest={rest}
      />
      <ChangeDrawer slice={slice} close={() => setSlice(null)} />
    </>
  );
}

const title = (dimension: string): string => dimension.charAt(0).toUpperCase() + dimension.slice(1).replace("_", " ");

// The shown total is what the shown parts sum to; of parts one of which is unknown it is rounded by itself.
const apportionTotal = (
  all: (bigint | null)[],
  cuts: (bigint | null)[],
  text: string | null | undefined,
): bigint | null =>
  all.includes(null) || cuts.length === 0
    ? (apportion([units(text)], units(text))[0] ?? null)
    : // eslint-disable-next-line no-restricted-syntax -- the cents that were cut from the server's total
      cuts.reduce<bigint>((sum, n) => sum + (n ?? 0n), 0n);

function shareOf(part: string | null | undefined, whole: string | null | undefined): string {
  const [p, w] = [units(part), units(whole)];
  return p === null || w === null || w === 0n ? "\u2013" : percent((p * 10n ** 12n) / w);
}

const changeColumn = (measure: Measure, { total }: Answer): Column<Line> => ({
  id: "change",
  name: "Change",
  by: (l) => (units(l.row.values[measure]) ?? 0n) - (units(l.row.previous?.[measure]) ?? 0n),
  foot: (
    <Delta now={units(total.values[measure])} before={units(total.previous?.[measure])} plain={measure !== "cost"} />
  ),
  show: (l) => (
    <Delta now={units(l.row.values[measure])} before={units(l.row.previous?.[measure])} plain={measure !== "cost"} />
  ),
});
