import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getSources, type Source } from "../api/keeping";
import { units } from "../lib/decimal";
import { duration } from "../lib/duration";
import { count } from "../lib/format";
import { age } from "../lib/time";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { useHouse } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { Duplicates, maturityFacts, PartOf, Through } from "./quality-maturity";
import { Pollers } from "./quality-pollers";
import { askedOf, useMoment } from "./settings-pages";

const STATES = {
  silent: { tone: "warn", name: "silent" },
  talking: { tone: "ok", name: "tells" },
  rare: { tone: "", name: "tells seldom" },
} as const;

/** Who tells usage, and who has stopped to. */
export function Sources() {
  const { now } = useHouse();
  const at = useMoment();
  const [open, setOpen] = useState<Source | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getSources>>, Fault>({
    queryKey: ["ledger", "sources"],
    queryFn: getSources,
    refetchInterval: 60_000, // silence grows while nothing is booked
  });
  return (
    <Panel
      title="Sources"
      note="silent: for more than twice its longest pause of 28 days, and more than an hour"
      end={<AskedMenu name="the sources" asked={askedOf("/api/v1/sources", "sources", { csv: true })} />}
      asked={asked}
      show={({ items, pollers, currency }) => (
        <>
          <Listing<Source>
            label="Sources"
            lines={items}
            idOf={(s) => s.source}
            none="No source has told anything yet."
            open={setOpen}
            fields={[
              { name: "Source", show: (s) => s.source || "(no name)" },
              { name: "State", show: (s) => <State of={s} /> },
              {
                name: "Last usage",
                show: (s) => <span title={at(s.last_used_at)}>{age(now() - Date.parse(s.last_used_at))}</span>,
              },
              { name: "Last booked", show: (s) => at(s.last_booked_at) },
              { name: "Final through", show: (s) => <Through of={s} /> },
              { name: "Calls", figure: true, show: (s) => count(units(String(s.calls))) },
              { name: "May change", figure: true, show: (s) => <PartOf part={s.provisional} currency={currency} /> },
              { name: "Estimated", figure: true, show: (s) => <PartOf part={s.estimated} currency={currency} /> },
              { name: "Duplicates", figure: true, show: (s) => <Duplicates of={s} /> },
            ]}
          />
          <Pollers lines={pollers} />
          <Detail title={open && `Source ${open.source || "(no name)"}`} close={() => setOpen(null)}>
            {open && <Told source={open} currency={currency} />}
          </Detail>
        </>
      )}
    />
  );
}

function State({ of: { rhythm } }: { of: Source }) {
  const { tone, name } = STATES[rhythm];
  return <span className={`state ${tone}`}>{name}</span>;
}

function Told({ source: s, currency }: { source: Source; currency: string }) {
  const at = useMoment();
  return (
    <>
      <p>
        {s.rhythm === "silent" &&
          "It used to tell more often. See whether its program runs, whether its key is in force, and whether its records are quarantined."}
        {s.rhythm === "talking" && "It is silent no longer than it uses to be."}
        {s.rhythm === "rare" && "It told usage in too few hours to know how long it uses to be silent."}
      </p>
      <Facts
        facts={[
          ["Calls booked", count(units(String(s.calls)))],
          ["First usage", at(s.first_used_at)],
          ["Last usage", at(s.last_used_at)],
          ["Last booked", at(s.last_booked_at)],
          ["Hours with usage, 28 days", count(units(String(s.hours)))],
          ["Longest pause, 28 days", s.longest_pause ? duration(s.longest_pause * 1000) : "unknown"],
          ["Silent for", duration(s.silent_seconds * 1000)],
          ...maturityFacts(s, currency),
        ]}
      />
      <Link className="quiet" to="/settings/$part" params={{ part: "keys" }} search={(old) => old}>
        Keys, and when each was last used
      </Link>
    </>
  );
}
