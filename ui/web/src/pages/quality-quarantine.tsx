import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getQuarantine, retry, type Rejected } from "../api/keeping";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";

/** Records that could not be booked, each with its reasons and a way to try again. */
export function Quarantine() {
  const asked = useQuery<Awaited<ReturnType<typeof getQuarantine>>, Fault>({
    queryKey: ["ledger", "quarantine"],
    queryFn: getQuarantine,
  });
  return (
    <Panel
      title="Quarantined"
      note="records that could not be booked, the newest first"
      asked={asked}
      show={({ items, next }) => (
        <>
          <Listing<Rejected>
            label="Quarantined"
            lines={items}
            idOf={(r) => `${r.digest} ${r.rejected_at}`}
            none="No record is rejected."
            fields={[
              { name: "Source", show: (r) => r.source || r.file },
              { name: "Kind", show: (r) => r.kind },
              { name: "Rejected", show: (r) => r.rejected_at.slice(0, 16).replace("T", " ") },
              { name: "Why", show: (r) => r.problems.map((p) => `${p.field} ${p.msg}`).join("; ") },
              { name: "To mend it", show: (r) => <Again record={r} /> },
            ]}
          />
          {next && <p className="soft inset">The newest 100. All of them: bursar quarantine list</p>}
        </>
      )}
    />
  );
}

function Again({ record }: { record: Rejected }) {
  const queries = useQueryClient();
  const [told, setTold] = useState("");
  if (!record.whole) return <>not all of it was legible: send it again</>;
  const again = (): void =>
    void retry(record.digest).then(
      ({ tries }) => {
        setTold(tries.at(-1)?.result.replace("_", " ") ?? "");
        void queries.invalidateQueries({ queryKey: ["ledger"] });
      },
      (fault: unknown) => setTold(said(fault)),
    );
  return (
    <>
      <button className="quiet" onClick={again}>
        Book it by today’s prices and rules
      </button>{" "}
      <span role="status">{told}</span>
    </>
  );
}
