import type { InferredRates, ShadowKey } from "../api/reconciliation";
import { units } from "../lib/decimal";
import { count, exact, money } from "../lib/format";
import { Listing } from "../ui/listing";

const MOST = 50;

/** Keys, roles and projects that are paid for and that nobody has named, the dearest first. */
export function ShadowKeys({ lines }: { lines: ShadowKey[] }) {
  const more = lines.length - MOST;
  return (
    <>
      <Listing<ShadowKey>
        label="Keys that nobody answers for"
        lines={lines.slice(0, MOST)}
        idOf={(s) => [s.seller, s.account, s.book, s.kind, s.name, s.currency].join("\n")}
        none="No vendor tells usage of a key that no team answers for."
        fields={[
          { name: "Name", show: (s) => s.name },
          { name: "Kind", show: (s) => s.kind },
          { name: "Seller", show: (s) => s.seller },
          { name: "Says so", show: (s) => s.book },
          { name: "Amount", figure: true, show: (s) => (s.currency ? money(units(s.amount), s.currency) : "\u2013") },
          { name: "Calls", figure: true, show: (s) => count(units(String(s.calls))) },
          { name: "Tokens", figure: true, show: (s) => count(units(String(s.tokens))) },
          { name: "Days", show: (s) => `${s.first} to ${s.last}` },
        ]}
      />
      {more > 0 && (
        <p className="soft inset">{count(units(String(more)))} more keys, behind these, are in the export.</p>
      )}
    </>
  );
}

/** Rates that vendors' amounts show, which nobody published. */
export function Rates({ lines }: { lines: InferredRates[] }) {
  return (
    <Listing<InferredRates>
      label="Rates that the amounts show"
      lines={lines}
      idOf={(r) => [r.seller, r.model, r.currency, JSON.stringify(r.per_million)].join("\n")}
      none="No vendor tells tokens and money often enough to infer a rate."
      fields={[
        { name: "Model", show: (r) => r.model },
        { name: "Seller", show: (r) => r.seller },
        {
          name: "Rates",
          show: (r) =>
            Object.entries(r.per_million)
              .map(([meter, rate]) => `${meter} ${exact(rate, r.currency)}`)
              .join(", "),
        },
        { name: "Amounts given", figure: true, show: (r) => `${r.samples} of ${r.of}` },
        { name: "Misses by", figure: true, show: (r) => exact(r.residual, r.currency) },
      ]}
    />
  );
}
