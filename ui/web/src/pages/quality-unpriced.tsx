import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Row } from "../api/client";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { Detail } from "../ui/detail";
import { ExportMenu } from "../ui/export-menu";
import { useSpend } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { PriceIt } from "./quality-price";

const QUESTION = {
  by: "seller,requested_model",
  measures: "calls,prompt_tokens,completion_tokens,exposure",
  where: ["price_state=unpriced"],
  top: "20",
};

/** Models without a price: they are in no total. */
export function Unpriced() {
  const asked = useSpend(QUESTION);
  const [open, setOpen] = useState<Row | null>(null);
  return (
    <Panel
      title="Unpriced"
      note="calls whose model has no price; outside every total"
      asked={asked}
      show={({ rows, meta }) => (
        <>
          <Listing<Row>
            label="Unpriced"
            lines={rows}
            idOf={(row) => JSON.stringify(row.keys)}
            none="Every call has a price."
            open={setOpen}
            fields={[
              { name: "Model", show: (row) => row.keys.requested_model || "(none)" },
              { name: "Seller", show: (row) => row.keys.seller || "(none)" },
              { name: "Calls", figure: true, show: (row) => count(units(row.values.calls)) },
              { name: "Prompt tokens", figure: true, show: (row) => count(units(row.values.prompt_tokens)) },
              { name: "Completion tokens", figure: true, show: (row) => count(units(row.values.completion_tokens)) },
              { name: "May come to", figure: true, show: (row) => money(units(row.values.exposure), meta.currency) },
              {
                name: "To mend it",
                show: (row) => (
                  <button
                    className="quiet"
                    aria-label={`Price it: ${row.keys.requested_model ?? ""} of ${row.keys.seller ?? ""}`}
                    onClick={() => setOpen(row)}
                  >
                    Price it
                  </button>
                ),
              },
            ]}
          />
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
          <ExportMenu question={QUESTION} />
        </>
      }
    />
  );
}
