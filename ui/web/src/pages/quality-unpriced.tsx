import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Row } from "../api/client";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { Detail } from "../ui/detail";
import { ExportMenu } from "../ui/export-menu";
import { useAll, useSpend } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { PriceIt } from "./quality-price";

const QUESTION = {
  by: "seller,requested_model",
  measures: "calls,prompt_tokens,completion_tokens,exposure",
  where: ["price_state=unpriced"],
  top: "200",
};

/** Models without a price: they are in no total. */
export function Unpriced() {
  const question = useAll(QUESTION);
  const asked = useSpend(question);
  const [open, setOpen] = useState<Row | null>(null);
  return (
    <Panel
      title="Unpriced"
      note="calls whose model has no price; outside every total"
      asked={asked}
      show={({ rows, meta }) => (
        <>
          <Models label="Unpriced" lines={rows.filter(used)} currency={meta.currency} open={setOpen} />
          {rows.some((row) => !used(row)) && (
            <details className="inset soft">
              <summary>Models whose unpriced calls used no tokens, as calls that failed do</summary>
              <Models
                label="Unpriced without tokens"
                lines={rows.filter((row) => !used(row))}
                currency={meta.currency}
                open={setOpen}
              />
            </details>
          )}
          <Detail
            title={open && `${open.keys.requested_model || "(none)"} at ${open.keys.seller || "(none)"}`}
            close={() => setOpen(null)}
          >
            {open && <PriceIt row={open} currency={meta.currency} />}
          </Detail>
        </>
      )}
      end={
        <>
          <Link className="quiet" to="/explore" search={(old) => ({ ...old, m: "unpriced_calls", g: "model" })}>
            Open in Explore
          </Link>
          <ExportMenu question={question} />
        </>
      }
    />
  );
}

// used says whether there is something that a price would price: tokens, or what may come to money.
const used = ({ values: v }: Row): boolean =>
  [v.prompt_tokens, v.completion_tokens, v.exposure].some((text) => units(text) !== 0n);

function Models(p: { label: string; lines: Row[]; currency: string; open: (row: Row) => void }) {
  return (
    <Listing<Row>
      label={p.label}
      lines={p.lines}
      idOf={(row) => JSON.stringify(row.keys)}
      none="Every call that used something has a price."
      open={p.open}
      fields={[
        { name: "Model", show: (row) => row.keys.requested_model || "(none)" },
        { name: "Seller", show: (row) => row.keys.seller || "(none)" },
        { name: "Calls", figure: true, show: (row) => count(units(row.values.calls)) },
        { name: "Prompt tokens", figure: true, show: (row) => count(units(row.values.prompt_tokens)) },
        { name: "Completion tokens", figure: true, show: (row) => count(units(row.values.completion_tokens)) },
        { name: "May come to", figure: true, show: (row) => money(units(row.values.exposure), p.currency) },
        {
          name: "To mend it",
          show: (row) => (
            <button
              className="quiet"
              aria-label={`Price it: ${row.keys.requested_model ?? ""} of ${row.keys.seller ?? ""}`}
              onClick={() => p.open(row)}
            >
              Price it
            </button>
          ),
        },
      ]}
    />
  );
}
