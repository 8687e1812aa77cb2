import type { Answer } from "../api/client";
import { units } from "../lib/decimal";
import { cents, count, difference, exact, percent } from "../lib/format";
import type { Measure } from "../lib/view";
import type { Line, Lines } from "./lines";
import type { Column } from "./spend-table";
import { Delta } from "./tile";

/** A part of a whole in percent. */
export function shareOf(part: string | null | undefined, whole: string | null | undefined): string {
  const [p, w] = [units(part), units(whole)];
  return p === null || w === null || w === 0n ? "\u2013" : percent((p * 10n ** 12n) / w);
}

/** The change against the window before, in percent. */
export const changeColumn = (measure: Measure, { total }: Answer): Column<Line> => ({
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

/** The figures of the window before, and the difference in what is shown, so that each row and column adds up. */
export function beforeColumns(made: Lines, { total, meta }: Answer, measure: Measure): Column<Line>[] {
  const before = (text: string | null | undefined, shown: bigint | null) =>
    text === null || text === undefined ? (
      "\u2013"
    ) : (
      <span title={exact(text, measure === "cost" ? meta.currency : "")}>
        {measure === "cost" ? cents(shown, units(text), meta.currency) : count(units(text))}
      </span>
    );
  const moved = (l: Pick<Line, "shown" | "before">, now?: string | null, then?: string | null): string => {
    const [n, t] = [units(now), units(then)];
    if (n === null || t === null) return "\u2013";
    if (measure !== "cost") return (n > t ? "+" : "") + count(n - t);
    return l.shown === null || l.before === null ? "\u2013" : difference(l.shown - l.before, n - t, meta.currency);
  };
  const [now, then] = [total.values[measure], total.previous?.[measure]];
  return [
    {
      id: "before",
      name: "Before",
      by: (l) => units(l.row.previous?.[measure]),
      foot: before(then, made.totalBefore),
      show: (l) => before(l.row.previous?.[measure], l.before),
    },
    {
      id: "difference",
      name: "Difference",
      by: (l) => (units(l.row.values[measure]) ?? 0n) - (units(l.row.previous?.[measure]) ?? 0n),
      foot: moved({ shown: made.total, before: made.totalBefore }, now, then),
      show: (l) => moved(l, l.row.values[measure], l.row.previous?.[measure]),
    },
  ];
}
