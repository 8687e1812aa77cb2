import { useState } from "react";
import { billedOf, sameAccount, shownOf, sizeOf, type Line, type Reconciliation } from "../api/reconciliation";
import { units } from "../lib/decimal";
import { count, money, whole } from "../lib/format";
import { Detail, Facts } from "../ui/detail";
import { useView } from "../ui/house";
import { Listing, type Field } from "../ui/listing";
import { SumTable, wordsOf } from "./reconciliation-steps";

const MOST = 50;

const idOf = (r: Line): string => [r.seller, r.account, r.day, r.sku, r.owner, r.level, r.currency, r.basis].join("\n");

const figure = (text: string | null, currency: string) =>
  text === null ? "\u2013" : <span title={whole(text, currency)}>{money(units(text), currency)}</span>;

const ownerOf = (r: Line): string => (r.owner ? r.owner + (r.shared ? " and others" : "") : "nobody");

const reasonsOf = (r: Line): string =>
  r.reasons.map((one) => `${wordsOf(one.reason)} ${money(units(one.amount), r.currency)}`).join(", ") || "\u2013";

const seller: Field<Line> = { name: "Seller", show: (r) => r.seller || "(no seller)" };

const Cut = ({ text }: { text: string }) => <span className="reasons" title={text} children={text} />;

function fieldsOf(period: string, more: Field<Line>[]): Field<Line>[] {
  return [
    { name: "Day", show: (r) => <span className="unbroken">{r.day || period}</span> },
    { name: "SKU", show: (r) => r.sku || "(none)" },
    ...more,
    { name: "Owner", show: ownerOf },
    { name: "Metered", figure: true, show: (r) => figure(r.metered, r.currency) },
    { name: "Difference", figure: true, show: (r) => (r.basis ? figure(r.variance, r.currency) : "\u2013") },
    { name: "Billed", figure: true, show: (r) => figure(billedOf(r), r.currency) },
    { name: "Reasons", show: (r) => <Cut text={reasonsOf(r)} /> },
    { name: "State", show: (r) => <Verdict row={r} /> },
  ];
}

function Verdict({ row }: { row: Line }) {
  if (!row.basis) return <span className="soft">not billed yet</span>;
  if (row.dispute) return <span className="state crit">dispute it</span>;
  return <span className={row.passes ? "state ok" : "state warn"}>{row.passes ? "passes" : "does not pass"}</span>;
}

/** Rows by day and SKU of the account that is shown, each with the reasons of its difference. */
export function Lines({ found }: { found: Reconciliation }) {
  const { view } = useView();
  const account = shownOf(found, view.account);
  const rows = found.rows.filter((r) => account && sameAccount(r) === sameAccount(account));
  const none = "Rows stand here once a vendor reports what they cost, or bills them.";
  return <Opening label="By day and SKU" lines={rows} more={[]} found={found} none={none} />;
}

/** Money that one side alone knows: it belongs to its owner until somebody matches it. */
export function Unmatched({ found }: { found: Reconciliation }) {
  const lines = found.rows.filter((r) => r.level === "alone" && r.basis && !/^-?0$/.test(r.variance));
  const none = "No vendor bills anything that was not metered.";
  return <Opening label="Unmatched money" lines={lines} more={[seller]} found={found} none={none} />;
}

// mostWanted sorts what does not pass before what does, the largest difference first.
function mostWanted(a: Line, b: Line): number {
  if (a.passes !== b.passes) return a.passes ? 1 : -1;
  return Number(sizeOf(b) > sizeOf(a)) - Number(sizeOf(b) < sizeOf(a));
}

function Opening(p: { label: string; lines: Line[]; more: Field<Line>[]; found: Reconciliation; none: string }) {
  const [open, setOpen] = useState<Line | null>(null);
  const beyond = p.lines.length - MOST;
  return (
    <>
      <Listing<Line>
        label={p.label}
        lines={beyond > 0 ? [...p.lines].sort(mostWanted).slice(0, MOST) : p.lines}
        idOf={idOf}
        none={p.none}
        open={setOpen}
        fields={fieldsOf(p.found.period, p.more)}
      />
      {beyond > 0 && (
        <p className="soft inset">
          {count(units(String(beyond)))} more rows are in the export; what does not pass stands first, by the size of
          its difference.
        </p>
      )}
      <Detail title={open && (open.sku || "(none)")} close={() => setOpen(null)}>
        {open && <Told row={open} found={p.found} />}
      </Detail>
    </>
  );
}

const LEVELS = {
  day: "SKU and day",
  month: "SKU over the month",
  vendor: "the account as a whole",
  alone: "nothing: one side alone says it",
} as const;

function Told({ row: r, found }: { row: Line; found: Reconciliation }) {
  return (
    <>
      <SumTable
        metered={r.metered ?? "0"}
        reasons={r.reasons}
        billed={r.basis ? (billedOf(r) ?? "0") : null}
        {...{ currency: r.currency, found }}
      />
      <Facts
        facts={[
          ["Day", r.day || found.period],
          ["Owner", ownerOf(r)],
          ["Matched by", LEVELS[r.level as keyof typeof LEVELS]],
          ["Tokens metered", count(units(String(r.metered_tokens)))],
          ["Tokens billed", count(units(String(r.billed_tokens)))],
          ["Calls without a price", count(units(String(r.unpriced_calls)))],
        ]}
      />
    </>
  );
}

/** The rows that hold a reason, with its amount in each. */
export function LineTable({ lines, period, reason }: { lines: Line[]; period: string; reason: string }) {
  const amount = (r: Line): string => r.reasons.find((one) => one.reason === reason)?.amount ?? "0";
  return (
    <Listing<Line>
      label={`Rows of ${wordsOf(reason)}`}
      lines={lines}
      idOf={idOf}
      none="No rows in this month."
      fields={[
        { name: "Day", show: (r) => r.day || period },
        { name: "SKU", show: (r) => r.sku || "(none)" },
        { name: "Amount", figure: true, show: (r) => whole(amount(r), r.currency) },
      ]}
    />
  );
}
