import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getDifferences, type Difference } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, exact, money } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { askedOf } from "./settings-pages";

/** Where sources and the price book contradict each other. */
export function Differences() {
  const [open, setOpen] = useState<Difference | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getDifferences>>, Fault>({
    queryKey: ["ledger", "differences"],
    queryFn: getDifferences,
  });
  const exports = askedOf("/api/v1/discrepancies", "differences", { csv: true, command: "bursar discrepancy" });
  return (
    <Panel
      title="Costs that sources say otherwise"
      note="list price less theirs, by source, model and reason"
      end={<AskedMenu name="these differences" asked={exports} />}
      asked={asked}
      show={({ rows, why }) => {
        const reason = (row: Difference): string => why.find((m) => m.reason === row.reason)?.why ?? row.reason;
        return (
          <>
            <Listing<Difference>
              label="Costs that sources say otherwise"
              lines={rows.filter((row) => row.reason !== "same")}
              idOf={(row) => [row.source, row.model, row.reason, row.currency, row.detail].join("\n")}
              none="No source says a cost that differs from the list price."
              open={setOpen}
              fields={[
                { name: "Model", show: (row) => row.model || "(none)" },
                { name: "Source", show: (row) => row.source },
                { name: "Calls", figure: true, show: (row) => count(units(String(row.calls))) },
                { name: "Theirs", figure: true, show: (row) => money(units(row.theirs), row.currency) },
                { name: "List", figure: true, show: (row) => money(units(row.list), row.our_currency || row.currency) },
                { name: "Difference", figure: true, show: (row) => money(units(row.difference), row.currency) },
                { name: "Why", show: reason },
              ]}
            />
            <Detail title={open && (open.model || "(none)")} close={() => setOpen(null)}>
              {open && <Told row={open} why={reason(open)} />}
            </Detail>
          </>
        );
      }}
    />
  );
}

function Told({ row, why }: { row: Difference; why: string }) {
  const model = row.model.split("/").at(-1) ?? row.model;
  return (
    <>
      <p>{why}.</p>
      <Facts
        facts={[
          ["Source", row.source],
          ["Calls", count(units(String(row.calls)))],
          ["Tokens", count(units(String(row.tokens)))],
          ["Theirs", exact(row.theirs, row.currency)],
          ["List price", exact(row.list, row.our_currency || row.currency)],
          ["Difference", exact(row.difference, row.currency)],
          ["More", row.detail ?? ""],
        ]}
      />
      <p>
        Totals hold the list price of your book. When theirs is right, import its prices; when yours is, nothing is to
        be done.
      </p>
      <Link
        className="quiet"
        to="/settings/$part"
        params={{ part: "prices" }}
        search={(old) => ({ ...old, q: model, price: undefined })}
      >
        Prices of {model} in the book
      </Link>
    </>
  );
}
