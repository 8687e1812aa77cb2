import { useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getDifferences, getDoctor, getUnowned, type Difference, type Finding, type Unowned } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, exact, money } from "../lib/format";
import { ExportMenu } from "../ui/export-menu";
import { useSpend } from "../ui/house";
import { Listing, Panel } from "../ui/listing";
import { Trouble } from "../ui/trouble";
import { TrustStrip } from "../ui/trust-strip";
import { Quarantine } from "./quality-quarantine";
import { Unattributed } from "./quality-unattributed";
import { Unpriced } from "./quality-unpriced";

const WHOLE = { measures: "cost,calls,unpriced_calls" };

/** What the figures lack, and how to mend it. It is about everything that is booked, whatever the range. */
export default function Quality() {
  const asked = useSpend(WHOLE);
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  return (
    <>
      <div className="head">
        <h1>Quality</h1>
        <p className="soft">all that is booked, whatever the range and the filter say</p>
        <ExportMenu question={WHOLE} />
      </div>
      <TrustStrip answer={asked.data} />
      <Unpriced />
      <Unattributed />
      <Quarantine />
      <Unowneds />
      <Differences />
      <Findings />
    </>
  );
}

function Unowneds() {
  const asked = useQuery<Awaited<ReturnType<typeof getUnowned>>, Fault>({
    queryKey: ["ledger", "unowned"],
    queryFn: getUnowned,
  });
  return (
    <Panel
      title="Nobody answers for"
      note="applications, workflows and agents without an owner, 30 days, the dearest first"
      asked={asked}
      show={({ items, more, currency }) => (
        <>
          <Listing<Unowned>
            label="Nobody answers for"
            lines={items}
            idOf={(e) => `${e.kind}/${e.name}`}
            none="Everything that calls has an owner."
            fields={[
              { name: "Name", show: (e) => e.name },
              { name: "Kind", show: (e) => e.kind },
              { name: "Calls", figure: true, show: (e) => count(units(String(e.calls))) },
              {
                name: "Spend",
                figure: true,
                show: (e) => <span title={exact(e.cost, currency)}>{money(units(e.cost), currency)}</span>,
              },
              {
                name: "To mend it",
                show: (e) => (
                  <code>
                    bursar register claim {quoted(e.name)} --kind {e.kind} --team TEAM
                  </code>
                ),
              },
            ]}
          />
          {more > 0 && <p className="soft inset">and {more} more: bursar register list --unowned</p>}
        </>
      )}
    />
  );
}

const quoted = (name: string): string => (/^[\w./-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

function Differences() {
  const asked = useQuery<Awaited<ReturnType<typeof getDifferences>>, Fault>({
    queryKey: ["ledger", "differences"],
    queryFn: getDifferences,
  });
  return (
    <Panel
      title="Costs that sources say otherwise"
      note="list price less theirs, by source, model and reason"
      asked={asked}
      show={({ rows, why }) => (
        <Listing<Difference>
          label="Costs that sources say otherwise"
          lines={rows.filter((row) => row.reason !== "same")}
          idOf={(row) => [row.source, row.model, row.reason, row.currency, row.detail].join("\n")}
          none="No source says a cost that differs from the list price."
          fields={[
            { name: "Model", show: (row) => row.model || "(none)" },
            { name: "Source", show: (row) => row.source },
            { name: "Calls", figure: true, show: (row) => count(units(String(row.calls))) },
            { name: "Theirs", figure: true, show: (row) => money(units(row.theirs), row.currency) },
            { name: "List", figure: true, show: (row) => money(units(row.list), row.our_currency || row.currency) },
            { name: "Difference", figure: true, show: (row) => money(units(row.difference), row.currency) },
            { name: "Why", show: (row) => why.find((m) => m.reason === row.reason)?.why ?? row.reason },
          ]}
        />
      )}
    />
  );
}

const TONE = { ok: "ok", look: "warn", broken: "crit" } as const;

function Findings() {
  const asked = useQuery<Awaited<ReturnType<typeof getDoctor>>, Fault>({ queryKey: ["doctor"], queryFn: getDoctor });
  const rank = (f: Finding): number => ["broken", "look", "ok"].indexOf(f.state);
  return (
    <Panel
      title="Checks of the ledger and the server"
      note="what needs a person first"
      asked={asked}
      show={({ findings }) => (
        <Listing<Finding>
          label="Checks"
          lines={[...findings].sort((a, b) => rank(a) - rank(b))}
          idOf={(f) => f.name + f.msg}
          none="Nothing was checked."
          fields={[
            { name: "Check", show: (f) => f.name },
            {
              name: "State",
              show: (f) => (
                <>
                  <span className="state">
                    <i className={`dot ${TONE[f.state]}`} /> {f.state}
                  </span>
                </>
              ),
            },
            { name: "What was found", show: (f) => f.msg },
            { name: "To mend it", show: (f) => f.mend ?? "\u2013" },
          ]}
        />
      )}
    />
  );
}
