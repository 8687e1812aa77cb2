import { useState } from "react";
import type { Poller } from "../api/keeping";
import { Detail, Facts } from "../ui/detail";
import { Listing } from "../ui/listing";
import { useMoment } from "./settings-pages";

const STATES = {
  silent: { tone: "warn", name: "silent" },
  talking: { tone: "ok", name: "tells" },
  rare: { tone: "", name: "not asked yet" },
} as const;

/** What vendors are asked for by the server, how far it is told, and what went wrong. */
export function Pollers({ lines }: { lines: Poller[] }) {
  const at = useMoment();
  const [open, setOpen] = useState<Poller | null>(null);
  const when = (text: string | null) => (text ? at(text) : "never");
  if (lines.length === 0) return null;
  return (
    <>
      <h3 className="inset">Fetched from vendors</h3>
      <Listing<Poller>
        label="Fetched from vendors"
        lines={lines}
        idOf={(p) => `${p.name}/${p.feed}`}
        none=""
        open={setOpen}
        fields={[
          { name: "Account", show: (p) => `${p.name}, ${p.feed}` },
          {
            name: "State",
            show: (p) => <span className={`state ${STATES[p.rhythm].tone}`}>{STATES[p.rhythm].name}</span>,
          },
          { name: "Last success", show: (p) => when(p.last_success_at) },
          { name: "Told through", show: (p) => p.told_through || "nothing yet" },
          { name: "Next try", show: (p) => (p.next_try_at ? at(p.next_try_at) : "\u2013") },
          { name: "Last error", show: (p) => p.error || "\u2013" },
        ]}
      />
      <Detail title={open && `${open.name}, ${open.feed}`} close={() => setOpen(null)}>
        {open && (
          <Facts
            facts={[
              ["Vendor", open.vendor],
              ["Account of its lines", open.account],
              ["Told through", open.told_through || "nothing yet"],
              ["Last success", when(open.last_success_at)],
              ["Last try", when(open.last_try_at)],
              ["Next try", open.next_try_at && at(open.next_try_at)],
              ["Last error", open.error],
              ["What to do", open.hint],
            ]}
          />
        )}
      </Detail>
    </>
  );
}
