import { Link } from "@tanstack/react-router";
import type { PastPrices as Past, RepricedRow } from "../api/keeping";
import { apportion, apportionChange, shownTotal } from "../lib/apportion";
import { units } from "../lib/decimal";
import { cents, count, difference, exact, money } from "../lib/format";
import { SpendTable, type Column } from "../ui/spend-table";

type Sums = RepricedRow["before"];

interface Line {
  row: RepricedRow;
  was: bigint | null; // cents, which sum to the shown total, as those below do
  is: bigint | null;
  change: bigint;
}

// known is what lines cost, null where no call of them has an amount.
const known = (s: Sums): bigint | null => (s.calls > 0 && s.unpriced_calls === s.calls ? null : units(s.cost));

const moved = ({ before, after }: { before: Sums; after: Sums }): bigint =>
  (units(after.cost) ?? 0n) - (units(before.cost) ?? 0n);

const centsOf = (s: Sums): bigint => shownTotal([], units(s.cost)) ?? 0n;

// changeText is a change of cents, and its digits where it is less than one.
const changeText = (n: bigint, u: bigint, currency: string): string => difference(n, n === 0n ? u : n, currency);

const calls = (n: number): string => count(units(String(n)));

/** What the calls that are booked would come to, by workflow and month. */
export function PastPrices({ past, done }: { past: Past; done: boolean }) {
  const { before, after, currency, rows } = past;
  if (after.lines === 0) return <p>Nothing that is booked would come to another amount.</p>;
  const was = apportion(
    rows.map((row) => known(row.before)),
    units(before.cost),
  );
  const changes = apportionChange(rows.map(moved), centsOf(after) - centsOf(before));
  const lines = rows.map((row, i): Line => {
    const change = changes[i] ?? 0n;
    return { row, was: was[i] ?? null, is: known(row.after) === null ? null : (was[i] ?? 0n) + change, change };
  });
  const mended = before.unpriced_calls - after.unpriced_calls;
  return (
    <>
      <p>
        <b>
          {`${calls(after.calls)} calls that are booked would come to ${money(known(after), currency)} instead of ${known(before) === null ? "no amount" : money(known(before), currency)} (${changeText(centsOf(after) - centsOf(before), moved(past), currency)})`}
        </b>
        {mended > 0 && `; ${calls(mended)} of them have no price today`}.{!done && " Nothing is booked yet."}
      </p>
      <SpendTable
        label="What the past would come to"
        columns={columnsOf(past)}
        lines={lines}
        sort="-month"
        idOf={(l) => `${l.row.month} ${l.row.workflow}`}
      />
    </>
  );
}

function columnsOf(past: Past): Column<Line>[] {
  const { before, after, currency } = past;
  return [
    {
      id: "workflow",
      name: "Workflow",
      by: (l) => l.row.workflow,
      foot: "Total",
      show: ({ row }) => (
        <Link to="/explore" search={() => ({ range: monthOf(row.month), g: "model", f: `workflow:${row.workflow}` })}>
          {row.workflow || "(none)"}
        </Link>
      ),
    },
    { id: "month", name: "Month", by: (l) => l.row.month, foot: "", show: (l) => l.row.month },
    {
      id: "calls",
      name: "Calls",
      by: (l) => BigInt(l.row.after.calls),
      foot: calls(after.calls),
      show: (l) => calls(l.row.after.calls),
    },
    {
      id: "was",
      name: "Booked",
      by: (l) => l.was,
      foot: cents(centsOf(before), known(before), currency),
      show: ({ row, was }) => (
        <span title={exact(row.before.cost, currency)}>{cents(was, known(row.before), currency)}</span>
      ),
    },
    {
      id: "is",
      name: "Priced anew",
      by: (l) => l.is,
      foot: cents(centsOf(after), known(after), currency),
      show: ({ row, is }) => (
        <span title={exact(row.after.cost, currency)}>{cents(is, known(row.after), currency)}</span>
      ),
    },
    {
      id: "moved",
      name: "Change",
      by: (l) => moved(l.row),
      foot: changeText(centsOf(after) - centsOf(before), moved(past), currency),
      show: ({ row, change }) => changeText(change, moved(row), currency),
    },
    {
      id: "unpriced",
      name: "Without a price",
      by: (l) => BigInt(l.row.before.unpriced_calls),
      foot: `${calls(before.unpriced_calls)} \u2192 ${calls(after.unpriced_calls)}`,
      show: ({ row }) => `${calls(row.before.unpriced_calls)} \u2192 ${calls(row.after.unpriced_calls)}`,
    },
  ];
}

// monthOf is a month as the days that a range holds.
function monthOf(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return `${month}-01..${new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)}`;
}
