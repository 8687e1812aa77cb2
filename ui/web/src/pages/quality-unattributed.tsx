import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getCoverage, type Suggestion } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, exact, money, percent } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { Detail } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { Rule } from "./quality-rule";
import { askedOf } from "./settings-pages";

/** How much has an owner, and rules for the largest slices that have none. */
export function Unattributed() {
  const [open, setOpen] = useState<Suggestion | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getCoverage>>, Fault>({
    queryKey: ["ledger", "coverage"],
    queryFn: getCoverage,
  });
  const exports = askedOf("/api/v1/attribution/coverage", "coverage", {
    csv: true,
    command: "bursar attribute coverage",
  });
  return (
    <Panel
      title="Unattributed"
      note="the largest slices without an owner, 90 days, each with a rule"
      end={<AskedMenu name="what has an owner" asked={exports} />}
      asked={asked}
      show={({ slices, dimensions, currency, from }) => (
        <>
          <p className="inset soft">
            Share of spend that has one:{" "}
            {dimensions.map((d) => `${d.dimension.replace("_", " ")} ${percent(units(d.money_share))}`).join(", ")}.
          </p>
          <Listing<Suggestion>
            label="Unattributed"
            lines={slices}
            idOf={(s) => `${s.field} ${s.value}`}
            none="Everything has an owner."
            open={setOpen}
            fields={[
              { name: "Slice", show: (s) => `${s.field} ${s.value}` },
              { name: "Lacks", show: (s) => s.lacks.join(", ") },
              { name: "Calls", figure: true, show: (s) => count(units(String(s.calls))) },
              {
                name: "Spend",
                figure: true,
                show: (s) => (
                  <span title={exact(s.cost, currency)} data-exact={s.cost}>
                    {money(units(s.cost), currency)}
                  </span>
                ),
              },
              {
                name: "To mend it",
                show: (s) => (
                  <button className="quiet" aria-label={`Suggest a rule for ${s.value}`} onClick={() => setOpen(s)}>
                    Suggest a rule
                  </button>
                ),
              },
            ]}
          />
          <Detail title={open && `Rule for ${open.field} ${open.value}`} close={() => setOpen(null)}>
            {open && <Rule slice={open} from={from ?? ""} />}
          </Detail>
        </>
      )}
    />
  );
}
