import { useState } from "react";
import type { Adoption, Subscription } from "../api/adoption";
import { apportion } from "../lib/apportion";
import { divide, ONE, units } from "../lib/decimal";
import { cents, count, exact, percent, whole } from "../lib/format";
import { long } from "../lib/time";
import { Detail, Facts } from "../ui/detail";
import { SpendTable, type Column } from "../ui/spend-table";

interface Line {
  id: string;
  row: Subscription;
  cost: bigint | null;
  idle: bigint | null;
}

const DASH = "\u2013";
const seats = (text: string | null): string => (text === null ? DASH : count(units(text)));
const nameOf = (row: Subscription): string => (row.few ? "other, with few seats each" : row.product || "(no product)");

/** Seats of each subscription on the last day, and what idle ones cost in all days. */
export function SeatsTable({ shown: { seats: all, meta, minimum_group: least } }: { shown: Adoption }) {
  const [open, setOpen] = useState<string | null>(null);
  const cut = (of: (row: Subscription) => string | null, total: string | null) =>
    apportion(
      all.rows.map((row) => units(of(row)) ?? 0n),
      units(total) ?? 0n,
    );
  const [costs, idles] = [cut((r) => r.cost, all.total.cost), cut((r) => r.idle_cost, all.total.idle_cost)];
  const lines = all.rows.map((row, i): Line => ({
    id: row.few ? "\u0000" : `${row.seller}\u0000${row.product}`,
    row,
    cost: row.cost === null ? null : (costs[i] ?? null),
    idle: row.idle_cost === null ? null : (idles[i] ?? null),
  }));
  // eslint-disable-next-line no-restricted-syntax -- the cents that were cut from the server's totals
  const sum = (of: (line: Line) => bigint | null): bigint => lines.reduce((n, line) => n + (of(line) ?? 0n), 0n);
  const amount = (text: string | null, shown: bigint | null) =>
    text === null ? (
      "not told"
    ) : (
      <span title={exact(text, meta.currency)} data-exact={text}>
        {cents(shown, units(text), meta.currency)}
      </span>
    );
  const columns: Column<Line>[] = [
    {
      id: "product",
      name: "Subscription",
      by: (l) => nameOf(l.row),
      foot: "Total",
      show: (l) => <button onClick={() => setOpen(l.id)}>{nameOf(l.row)}</button>,
    },
    { id: "seller", name: "Seller", by: (l) => l.row.seller, foot: "", show: (l) => l.row.seller || DASH },
    number("assigned", "Paid for", all.total.assigned, (r) => r.assigned),
    number("in_use", "In use", all.total.active, (r) => r.active),
    number("idle", "Idle", all.total.idle, (r) => r.idle),
    {
      id: "used",
      name: "Used",
      by: (l) => shareOf(l.row),
      foot: <Used row={all.total} />,
      show: (l) => <Used row={l.row} />,
    },
    {
      id: "seat_cost",
      name: "Cost",
      by: (l) => units(l.row.cost),
      foot: amount(
        all.total.cost,
        sum((l) => l.cost),
      ),
      show: (l) => amount(l.row.cost, l.cost),
    },
    {
      id: "idle_cost",
      name: "Of it idle",
      by: (l) => units(l.row.idle_cost),
      foot: amount(
        all.total.idle_cost,
        sum((l) => l.idle),
      ),
      show: (l) => amount(l.row.idle_cost, l.idle),
    },
  ];
  const picked = lines.find((l) => l.id === open);
  return (
    <>
      <div className="title">
        <h2>Seats</h2>
        <span className="soft">
          numbers of {long(all.on.slice(0, 10))}, cost of all days; idle is the seller’s figure, and its cost the part
          of idle seats
        </span>
      </div>
      <SpendTable label="Seats" columns={columns} lines={lines} sort="-idle_cost" idOf={(l) => l.id} />
      <Detail title={picked ? nameOf(picked.row) : null} close={() => setOpen(null)}>
        {picked && <Facts facts={factsOf(picked.row, meta.currency, least)} />}
      </Detail>
    </>
  );
}

const number = (
  id: string,
  name: string,
  total: string | null,
  of: (row: Subscription) => string | null,
): Column<Line> => ({ id, name, by: (l) => units(of(l.row)), foot: seats(total), show: (l) => seats(of(l.row)) });

function shareOf(row: Subscription): bigint | null {
  const [active, assigned] = [units(row.active), units(row.assigned)];
  return active === null || !assigned ? null : (active * ONE) / assigned;
}

function Used({ row }: { row: Subscription }) {
  const share = shareOf(row);
  if (share === null) return DASH;
  return (
    <>
      <svg className="seat-use" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect className="track" width={100} height={10} />
        <rect className="part" width={Number(divide(share * 10_000n, ONE)) / 100} height={10} />
      </svg>
      {percent(share)}
    </>
  );
}

const factsOf = (row: Subscription, currency: string, least: number): [string, string][] => [
  ["Seller", row.seller],
  ["Merged because", row.few ? `some have fewer than ${least} seats` : ""],
  ["Seats paid for", seats(row.assigned)],
  ["In use", seats(row.active)],
  ["Idle", seats(row.idle)],
  ["Cost of the days", row.cost === null ? "waits for an exchange rate" : whole(row.cost, currency)],
  ["Of it idle", row.idle_cost === null ? "not told" : whole(row.idle_cost, currency)],
  ["Use not told", (units(row.untold) ?? 0n) > 0n ? whole(row.untold, currency) : ""],
];
