// The rows of an answer with the cents that they show.

import type { Answer, Row } from "../api/client";
import { apportion, apportionTo, beyond, shownTotal } from "../lib/apportion";
import { units, written } from "../lib/decimal";
import { keyOf } from "./series";

/** A row with the cents that it shows, so that the shown parts sum to the shown total. */
export interface Line {
  key: string;
  row: Row;
  shown: bigint | null;
  before: bigint | null; // the same of the window before
  outer?: string; // the group that it lies in
  rest?: true; // what the group has beyond its rows
  inside: Line[];
}

/** A second answer, by two dimensions, whose rows lie in those of the first. */
export interface Inner {
  dimension: string;
  answer: Answer;
}

export interface Lines {
  lines: Line[]; // other, if there is one, is the last
  total: bigint | null;
  totalBefore: bigint | null;
}

/** Makes lines of an answer; rows of a second one stand in the group that they sum to. */
export function linesOf(answer: Answer, dimension: string, measure: string, inner?: Inner): Lines {
  const { rows, other, total } = answer;
  const groups: Row[] = other ? [...rows, restRow(other)] : rows;
  const [parts, all] = [groups.map((row) => units(row.values[measure])), units(total.values[measure])];
  const [earlier, allEarlier] = [groups.map((row) => units(row.previous?.[measure])), units(total.previous?.[measure])];
  const [now, before] = [apportion(parts, all), apportion(earlier, allEarlier)];
  const lines = groups.map((row, i): Line => {
    const key = row.keys[dimension] ?? keyOf(row);
    const line: Line = { key, row, shown: now[i] ?? null, before: before[i] ?? null, inside: [] };
    if (!other || i < rows.length) return line;
    return { ...line, key: other.count ? `other (${other.count})` : "other", rest: true };
  });
  if (inner)
    fill(
      lines.filter((l) => !l.rest),
      dimension,
      measure,
      inner,
    );
  return { lines, total: shownTotal(parts, all), totalBefore: shownTotal(earlier, allEarlier) };
}

const restRow = (other: NonNullable<Answer["other"]>): Row => ({
  keys: {},
  values: other.values,
  ...(other.rows.length === 1 && { previous: other.rows[0]?.previous }),
});

function fill(lines: Line[], dimension: string, measure: string, { dimension: second, answer }: Inner): void {
  const byGroup = new Map<string, Row[]>(lines.map((line) => [line.key, []]));
  for (const row of answer.rows) byGroup.get(row.keys[dimension] ?? "")?.push(row);
  for (const line of lines) {
    const rows = byGroup.get(line.key) ?? [];
    const left = answer.other ? leftOf(line.row, rows, measure) : null;
    const all = left ? [...rows, left] : rows;
    const now = within(
      all.map((row) => units(row.values[measure])),
      units(line.row.values[measure]),
      line.shown,
    );
    const earlier = all.map((row) => units(row.previous?.[measure]));
    const before = within(earlier, units(line.row.previous?.[measure]), line.before);
    line.inside = all.map((row, i) => ({
      key: row.keys[second] ?? "",
      row,
      shown: now[i] ?? null,
      before: before[i] ?? null,
      outer: line.key,
      ...(row === left && { rest: true as const }),
      inside: [],
    }));
  }
}

// leftOf is what a group has beyond the rows that the server gave of it.
function leftOf(group: Row, rows: Row[], measure: string): Row | null {
  const of = (row: Row): bigint | null => units(row.values[measure]);
  const left = beyond(of(group), rows.map(of));
  return left === 0n ? null : { keys: {}, values: { [measure]: written(left) } };
}

// within rounds the parts of a group to the cents that the group shows.
const within = (parts: (bigint | null)[], total: bigint | null, shown: bigint | null): (bigint | null)[] =>
  shown !== null && beyond(total, parts) === 0n ? apportionTo(parts, shown) : apportion(parts, total);
