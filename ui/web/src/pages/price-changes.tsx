import type { ChangedPrice, PriceImport } from "../api/keeping";
import { units } from "../lib/decimal";
import { count } from "../lib/format";
import { Listing } from "../ui/listing";
import { meterName } from "./price-lines";
import { priceText } from "./price-tables";
import { useMoment } from "./settings-pages";

const KINDS: Record<string, string> = {
  added: "added",
  changed: "replaced",
  ended: "ends",
  removed: "removed",
  revoked: "closed",
};

/** What a file of prices changes in the book, what it leaves out, and why it is refused. */
export function PriceChanges({ found }: { found: PriceImport }) {
  const at = useMoment();
  const day = (text: string | null): string => (text ? (at(text).split(",")[0] ?? "") : "ever");
  const { changes, changed, findings, left, left_out, terms } = found;
  const some = changes.length < changed ? `; the first ${changes.length} are shown` : "";
  return (
    <>
      {found.refused && (
        <p className="error" role="alert">
          None of it can be saved: {found.refused}.
        </p>
      )}
      <p>
        <b>{`Read as ${found.read_as}: ${many(changed, "price changes", "prices change")}`}</b>
        {some}. {findings.length > 0 && `${many(findings.length, "remark", "remarks")} of the lint. `}
        {left > 0 && `${many(left, "row is", "rows are")} left out. `}What is replaced is closed, never deleted.
      </p>
      {changed > 0 && (
        <Listing<ChangedPrice>
          label="Prices that change"
          lines={changes}
          idOf={(c) => [c.kind, c.seller, c.model, c.meter, c.conditions, c.from].join(" ")}
          none=""
          fields={[
            { name: "Model", show: (c) => c.model },
            { name: "Seller", show: (c) => c.seller },
            { name: "Meter", show: (c) => [meterName(c.meter), c.conditions].filter(Boolean).join(", ") },
            { name: "What", show: (c) => KINDS[c.kind] },
            { name: "Was", figure: true, show: (c) => quote(c.old) },
            { name: "Is", figure: true, show: (c) => quote(c.new) },
            { name: "From", show: (c) => day(c.from) },
            { name: "Source", show: (c) => <span className="source">{c.source}</span> },
          ]}
        />
      )}
      <Notes notes={terms} />
      <Notes notes={findings.map((f) => f.says)} />
      {left > 0 && (
        <details className="soft">
          <summary>What is left out, and why</summary>
          <Notes notes={left_out.map((row) => `${row.row} ${row.what}: ${row.reason}`)} />
        </details>
      )}
    </>
  );
}

const quote = (q: ChangedPrice["old"]): string =>
  q.price === null || !q.per
    ? "\u2013"
    : priceText({ price: q.price, per: q.per, currency: q.currency ?? "", sku: "" });

export const many = (n: number, one: string, several: string): string =>
  `${count(units(String(n)))} ${n === 1 ? one : several}`;

function Notes({ notes }: { notes: string[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="changes-list">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
