import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getCoverage, preview, type Moves, type Suggestion } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, exact, money, percent } from "../lib/format";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";

/** How much has an owner, and rules for the largest slices that have none. */
export function Unattributed() {
  const asked = useQuery<Awaited<ReturnType<typeof getCoverage>>, Fault>({
    queryKey: ["ledger", "coverage"],
    queryFn: getCoverage,
  });
  return (
    <Panel
      title="Unattributed"
      note="the largest slices without an owner, 90 days, each with a rule"
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
            fields={[
              { name: "Slice", show: (s) => `${s.field} ${s.value}` },
              { name: "Lacks", show: (s) => s.lacks.join(", ") },
              { name: "Calls", figure: true, show: (s) => count(units(String(s.calls))) },
              {
                name: "Spend",
                figure: true,
                show: (s) => <span title={exact(s.cost, currency)}>{money(units(s.cost), currency)}</span>,
              },
              { name: "To mend it", show: (s) => <Rule slice={s} from={from} /> },
            ]}
          />
        </>
      )}
    />
  );
}

function Rule({ slice, from }: { slice: Suggestion; from: string }) {
  const [open, setOpen] = useState(false);
  const [moves, setMoves] = useState<Moves | null>(null);
  const [told, setTold] = useState("");
  if (!open)
    return (
      <button className="quiet" aria-label={`Suggest a rule for ${slice.value}`} onClick={() => setOpen(true)}>
        Suggest a rule
      </button>
    );
  const ask = (): void =>
    void preview(`attribution: bursar/1\nrules:\n${slice.rule}`, from.slice(0, 10), slice.lacks).then(
      setMoves,
      (fault: unknown) => setTold(said(fault)),
    );
  return (
    <div className="rule">
      <pre tabIndex={0}>{slice.rule}</pre>
      <p className="soft">
        The name is a guess: only a person knows whose it is. The preview tells what would move if this were the only
        rule. Put it into your file of rules, then ask it in whole:{" "}
        <code>bursar attribute preview -f FILE --from DAY</code>.
      </p>
      <button className="control" onClick={ask}>
        Preview it in the place of the rules in force
      </button>{" "}
      <button className="quiet" onClick={() => setOpen(false)}>
        Close
      </button>
      <p role="status">
        {told}
        {moves &&
          `${count(units(String(moves.moved.calls)))} calls and ${money(units(moves.moved.cost), moves.currency)} would move; nothing is booked`}
      </p>
    </div>
  );
}
