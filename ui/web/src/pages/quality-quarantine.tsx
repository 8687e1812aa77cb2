import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Fault } from "../api/client";
import { getQuarantine, retry, type Rejected } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";
import { askedOf, useMoment } from "./settings-pages";

/** Records that could not be booked, each with its reasons and a way to try again. */
export function Quarantine() {
  const at = useMoment();
  const [open, setOpen] = useState<Rejected | null>(null);
  const asked = useQuery<Awaited<ReturnType<typeof getQuarantine>>, Fault>({
    queryKey: ["ledger", "quarantine"],
    queryFn: getQuarantine,
  });
  const exports = askedOf("/api/v1/quarantine", "quarantine", {
    csv: true,
    query: { limit: "1000" },
    command: "bursar quarantine list --output json",
  });
  return (
    <Panel
      title="Quarantined"
      note="records that could not be booked, the newest first"
      end={<AskedMenu name="the quarantine" asked={exports} />}
      asked={asked}
      show={({ items, next }) => (
        <>
          <Listing<Rejected>
            label="Quarantined"
            lines={items}
            idOf={(r) => `${r.digest} ${r.rejected_at}`}
            none="No record is rejected."
            open={setOpen}
            fields={[
              { name: "Source", show: (r) => r.source || r.file },
              { name: "Kind", show: (r) => r.kind },
              { name: "Rejected", show: (r) => at(r.rejected_at) },
              { name: "Why", show: (r) => r.problems.map((p) => `${p.field} ${p.msg}`).join("; ") },
              { name: "To mend it", show: (r) => <Again record={r} /> },
            ]}
          />
          {next && <p className="soft inset">The newest 100. All of them: bursar quarantine list</p>}
          <Detail title={open && `A record of ${open.source || open.file}`} close={() => setOpen(null)}>
            {open && <Told record={open} />}
          </Detail>
        </>
      )}
    />
  );
}

function Told({ record: r }: { record: Rejected }) {
  const at = useMoment();
  return (
    <>
      <Facts
        facts={[
          ...r.problems.map((p): [string, string] => [p.field, p.msg]),
          ["Kind", r.kind],
          ["Rejected", at(r.rejected_at)],
          ["File", r.file],
          ["Record", r.record ? String(r.record) : ""],
          ["Its source calls it", r.source_key],
          ["Digest", r.digest],
          ["Last try", r.result.replace("_", " ") || "none yet"],
        ]}
      />
      <p className="soft">
        A second try books it by the prices, rules and definitions of today, once, or says why it is still refused.
      </p>
      <Again record={r} />
    </>
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
