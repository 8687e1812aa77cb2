import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getApplied, type Document } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { useHouse } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { askedOf, useMoment } from "./settings-pages";

const NAMES: Record<string, string> = {
  organisation: "units, zone, currency, fiscal year",
  attribution: "rules of whose spend it is",
  outcomes: "what counts as a result",
  register: "whose applications, workflows and agents are",
  budget: "limits",
};

/** How the organisation reads time and money, and the documents that are in force. */
export function Documents() {
  const { session } = useHouse();
  const [open, setOpen] = useState<Document | null>(null);
  const at = useMoment();
  const asked = useQuery<Awaited<ReturnType<typeof getApplied>>, Fault>({
    queryKey: ["settings", "applied"],
    queryFn: getApplied,
  });
  const exports = askedOf("/api/v1/applied", "applied", { csv: true, command: "bursar export applied policies/" });
  return (
    <>
      <section className="card panel">
        <div className="title">
          <h2>Organisation</h2>
          <span className="soft">how every total is read</span>
        </div>
        <div className="inset narrow">
          <Facts
            facts={[
              ["Name", session.organisation || "none yet"],
              ["Currency of every total", session.currency],
              ["Zone of days and periods", session.zone],
              ["You are", session.actor],
            ]}
          />
        </div>
      </section>
      <Panel
        title="Documents in force"
        note={
          <>
            as they were written; to change them: <code>bursar apply -f FOLDER</code>, which shows the difference first
          </>
        }
        end={<AskedMenu name="the documents in force" asked={exports} />}
        asked={asked}
        show={({ documents }) => (
          <>
            <Listing<Document>
              label="Documents in force"
              lines={documents}
              idOf={(d) => d.name}
              none={
                <>
                  No document is in force. <code>bursar apply -f FOLDER</code> puts some in force, and Quality suggests
                  rules.
                </>
              }
              open={setOpen}
              fields={[
                { name: "Document", show: (d) => d.name },
                { name: "Declares", show: (d) => NAMES[d.name.split("/")[0] ?? ""] ?? "" },
                { name: "Applied", show: (d) => at(d.applied_at) },
                { name: "By", show: (d) => <code>{d.applied_by}</code> },
              ]}
            />
            <Detail title={open && open.name} close={() => setOpen(null)}>
              {open && (
                <>
                  <p className="soft">
                    {at(open.applied_at)} by {open.applied_by}
                  </p>
                  <pre tabIndex={0}>{open.text}</pre>
                </>
              )}
            </Detail>
          </>
        )}
      />
    </>
  );
}
