import { useState } from "react";
import { getAudit, type Entry } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { Listing, Panel } from "../ui/listing";
import { askedOf, useMoment, usePages } from "./settings-pages";

/** Who did what, page by page. */
export function Audit() {
  const { more, ...asked } = usePages<Entry>(["audit"], getAudit);
  const [open, setOpen] = useState<Entry | null>(null);
  const at = useMoment();
  const exports = askedOf("/api/v1/audit", "audit", { csv: true, query: { limit: "1000" } });
  return (
    <Panel
      title="Audit trail"
      note="who did what to what, the newest first; nothing can be taken out of it"
      end={<AskedMenu name="the audit trail" asked={exports} />}
      asked={asked}
      show={(entries) => (
        <>
          <Listing<Entry>
            label="Audit trail"
            lines={entries}
            idOf={(e) => String(e.seq)}
            none="Nothing was changed yet."
            open={setOpen}
            fields={[
              { name: "Number", show: (e) => e.seq },
              { name: "When", show: (e) => <time dateTime={e.at}>{at(e.at)}</time> },
              { name: "Who", show: (e) => <code>{e.who}</code> },
              { name: "Did", show: (e) => e.action },
              { name: "To", show: (e) => e.target },
            ]}
          />
          {more}
          <p className="foot soft">
            Each entry holds the digest of the one before: <code>bursar audit verify</code> finds a broken one.
          </p>
          <Detail title={open && `Entry ${open.seq}`} close={() => setOpen(null)}>
            {open && (
              <Facts
                facts={[
                  ["When", at(open.at)],
                  ["Who", open.who],
                  ["Did", open.action],
                  ["To", open.target],
                  ["Digest before", open.before || "there was nothing"],
                  ["Digest after", open.after || "there is nothing"],
                ]}
              />
            )}
          </Detail>
        </>
      )}
    />
  );
}
