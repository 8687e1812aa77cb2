import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getDoctor, type Finding } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { askedOf } from "./settings-pages";

const TONE = { ok: "ok", look: "warn", broken: "crit" } as const;

/** What bursar doctor finds, what needs a person first. */
export function Checks() {
  const [open, setOpen] = useState<Finding | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getDoctor>>, Fault>({ queryKey: ["doctor"], queryFn: getDoctor });
  const rank = (f: Finding): number => ["broken", "look", "ok"].indexOf(f.state);
  const exports = askedOf("/api/v1/doctor", "checks", { csv: true, command: "bursar doctor --output json" });
  return (
    <Panel
      title="Checks of the ledger and the server"
      note="what needs a person first"
      end={<AskedMenu name="the checks" asked={exports} />}
      asked={asked}
      show={({ findings }) => (
        <>
          <Listing<Finding>
            label="Checks"
            lines={[...findings].sort((a, b) => rank(a) - rank(b))}
            idOf={(f) => f.name + f.msg}
            none="Nothing was checked."
            open={setOpen}
            fields={[
              { name: "Check", show: (f) => f.name },
              { name: "State", show: (f) => <span className={`state ${TONE[f.state]}`}>{f.state}</span> },
              { name: "What was found", show: (f) => f.msg },
              { name: "To mend it", show: (f) => f.mend ?? "\u2013" },
            ]}
          />
          <Detail title={open && open.name} close={() => setOpen(null)}>
            {open && (
              <Facts
                facts={[
                  ["State", open.state],
                  ["What was found", open.msg],
                  ["To mend it", open.mend ?? "nothing is to be mended"],
                ]}
              />
            )}
          </Detail>
        </>
      )}
    />
  );
}
