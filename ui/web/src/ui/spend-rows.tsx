import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useState, type FocusEvent, type ReactNode, type RefObject } from "react";
import type { Column } from "./spend-table";

const HEIGHT = 31; // of a row, as parts.css has it for long tables

interface Props<T> {
  columns: Column<T>[];
  lines: T[];
  idOf: (line: T) => string;
  grouped: boolean; // lines stand inside of others
  place: RefObject<HTMLDivElement | null> | null; // what is scrolled; null where all rows are drawn
  children: ReactNode; // the last row
}

/** The rows of a table. Of a long one those in sight are drawn, and the one that has the focus. */
export function Rows<T extends object>({ columns, lines, idOf, grouped, place, children }: Props<T>) {
  const [held, setHeld] = useState(-1);
  const virtual = useVirtualizer<HTMLDivElement, HTMLTableRowElement>({
    count: lines.length,
    enabled: place !== null,
    getScrollElement: () => place?.current ?? null,
    estimateSize: () => HEIGHT,
    overscan: 12,
    initialRect: { width: 0, height: 600 },
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const kept = held >= 0 && held < lines.length && !shown.includes(held) ? [...shown, held] : shown;
      return kept.sort((a, b) => a - b);
    },
  });
  const drawn = place ? virtual.getVirtualItems().map((one) => one.index) : [...lines.keys()];
  const hold = (event: FocusEvent): void => {
    const at = event.target.closest<HTMLElement>("tr")?.dataset.at;
    if (at !== undefined) setHeld(Number(at));
  };
  return (
    <tbody onFocus={place ? hold : undefined} className={grouped ? "grouped" : undefined}>
      {drawn.flatMap((at, i) => {
        const line = lines[at];
        const skipped = at - (drawn[i - 1] ?? -1) - 1;
        return [
          skipped > 0 && <Gap key={`to ${at}`} rows={skipped} wide={columns.length} />,
          line && <Row key={idOf(line)} at={place ? at : null} line={line} columns={columns} />,
        ];
      })}
      {place && <Gap rows={lines.length - 1 - (drawn.at(-1) ?? lines.length - 1)} wide={columns.length} />}
      {children}
    </tbody>
  );
}

// Gap keeps the place of rows that are not drawn.
const Gap = ({ rows, wide }: { rows: number; wide: number }) =>
  rows > 0 && (
    <tr aria-hidden="true" className="gap">
      <td colSpan={wide} style={{ height: rows * HEIGHT }} />
    </tr>
  );

function Row<T>({ at, line, columns }: { at: number | null; line: T; columns: Column<T>[] }) {
  return (
    <tr data-at={at ?? undefined} aria-rowindex={at === null ? undefined : at + 2}>
      {columns.map((c, i) =>
        i === 0 ? (
          <th scope="row" key={c.id}>
            {c.show(line)}
          </th>
        ) : (
          <td key={c.id} className={c.wide}>
            {c.show(line)}
          </td>
        ),
      )}
    </tr>
  );
}
