import { useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getApplied, getAudit, type Entry } from "../api/keeping";
import { Listing, Panel } from "../ui/listing";
import { minute, usePages } from "./settings-pages";

/** The documents that are in force. */
export function Applied() {
  const asked = useQuery<Awaited<ReturnType<typeof getApplied>>, Fault>({
    queryKey: ["settings", "applied"],
    queryFn: getApplied,
  });
  return (
    <Panel
      title="Rules, organisation and budgets"
      note={
        <>
          as they were written; to change them: <code>bursar apply -f FOLDER</code>
        </>
      }
      asked={asked}
      show={({ documents }) =>
        documents.length === 0 ? (
          <p className="soft inset">No document is in force. bursar apply -f FOLDER puts some in force.</p>
        ) : (
          documents.map((d) => (
            <details className="inset" key={d.name}>
              <summary>
                {d.name}{" "}
                <span className="soft">
                  {minute(d.applied_at)} by {d.applied_by}
                </span>
              </summary>
              <pre tabIndex={0}>{d.text}</pre>
            </details>
          ))
        )
      }
    />
  );
}

/** Who did what, page by page. */
export function Audit() {
  const { more, ...asked } = usePages<Entry>("audit", getAudit);
  return (
    <Panel
      title="Audit trail"
      note="who did what to what, the newest first"
      asked={asked}
      show={(entries) => (
        <>
          <Listing<Entry>
            label="Audit trail"
            lines={entries}
            idOf={(e) => String(e.seq)}
            none="Nothing was changed yet."
            fields={[
              { name: "Number", show: (e) => e.seq },
              { name: "When", show: (e) => minute(e.at) },
              { name: "Who", show: (e) => e.who },
              { name: "Did", show: (e) => e.action },
              { name: "To", show: (e) => e.target },
            ]}
          />
          {more}
        </>
      )}
    />
  );
}
