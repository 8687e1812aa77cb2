import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from "@tanstack/react-table";
import { useRef, type ReactNode } from "react";
import { useView } from "./house";
import { Rows } from "./spend-rows";

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

const LONG = 100; // rows that are all drawn; of more, those in sight

/** A column: how a line shows it, and what it is sorted by; null comes last. */
export interface Column<T> {
  id: string;
  name: string;
  show: (line: T) => ReactNode;
  by?: (line: T) => bigint | string | null; // none where there is nothing to sort by
  foot: ReactNode;
  wide?: "wide" | "narrow"; // it is left out on a small screen, or stands there alone
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  lines: T[];
  sort: string; // the column it is sorted by when the address names none, with - for descending
  idOf: (line: T) => string;
  inside?: (line: T) => T[]; // lines that stand below one, in the same order
  pinned?: T[]; // lines at the end, whatever the order
  rest?: ReactNode; // the row of what is summed as other
}

/** A table that is sorted by its headings, with the server's total at its foot. */
export function SpendTable<T extends object>(p: Props<T>) {
  const { label, columns, lines, sort, idOf, inside, pinned = [], rest } = p;
  const { view, change } = useView();
  const place = useRef<HTMLDivElement>(null);
  const known = columns.some((c) => c.by && c.id === view.sort?.replace("-", ""));
  const order = (known && view.sort) || sort;
  const [by, desc] = [order.replace("-", ""), order.startsWith("-")];
  const defs: ColumnDef<typeof features, T>[] = columns.map((c) => ({
    id: c.id,
    accessorFn: c.by ?? (() => null),
    sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
  }));
  const table = useTable({
    features,
    columns: defs,
    data: lines,
    getRowId: idOf,
    state: { sorting: [{ id: by, desc }] },
  });
  const value = columns.find((c) => c.id === by)?.by ?? (() => null);
  const within = (line: T): T[] =>
    (inside?.(line) ?? []).toSorted((a, b) => compare(value(a), value(b)) * (desc ? -1 : 1));
  const sorted = table.getRowModel().rows.map((row) => row.original);
  const all = [...sorted, ...pinned].flatMap((line) => [line, ...within(line)]);
  const long = all.length > LONG;
  return (
    <div className={long ? "scroll long" : "scroll"} tabIndex={0} role="region" aria-label={label} ref={place}>
      <table aria-rowcount={long ? all.length + (rest ? 3 : 2) : undefined}>
        <thead>
          <tr>
            {columns.map((c) => (
              <th
                scope="col"
                key={c.id}
                className={c.wide}
                aria-sort={c.id === by ? (desc ? "descending" : "ascending") : undefined}
              >
                {c.by ? (
                  <button onClick={() => change({ sort: c.id === by && desc ? c.id : `-${c.id}` })}>
                    {c.name}
                    {c.id === by && <span aria-hidden="true">{desc ? "\u2193" : "\u2191"}</span>}
                  </button>
                ) : (
                  c.name
                )}
              </th>
            ))}
          </tr>
        </thead>
        <Rows columns={columns} lines={all} idOf={idOf} grouped={inside !== undefined} place={long ? place : null}>
          {rest}
        </Rows>
        <tfoot>
          <tr>
            {columns.map((c, i) =>
              i === 0 ? (
                <th scope="row" key={c.id}>
                  {c.foot}
                </th>
              ) : (
                <td key={c.id} className={c.wide}>
                  {c.foot}
                </td>
              ),
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return (a as bigint | string) < (b as bigint | string) ? -1 : 1;
}
