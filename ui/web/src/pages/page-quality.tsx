import "./control.css";
import "./settings.css";
import { Beyond } from "../ui/beyond";
import { ExportMenu } from "../ui/export-menu";
import { useAll, useHouse, useSpend } from "../ui/house";
import { Trouble } from "../ui/trouble";
import { TrustStrip } from "../ui/trust-strip";
import { Checks } from "./quality-checks";
import { Counters } from "./quality-counters";
import { Differences } from "./quality-differences";
import { Quarantine } from "./quality-quarantine";
import { Sources } from "./quality-sources";
import { Unattributed } from "./quality-unattributed";
import { Unowneds } from "./quality-unowned";
import { Unpriced } from "./quality-unpriced";

const WHOLE = { measures: "cost,calls,unpriced_calls" };

/** What the figures lack, and how to mend it. It is about everything that is booked, whatever the range. */
export default function Quality() {
  const { whole } = useHouse().session;
  const question = useAll(WHOLE);
  const asked = useSpend(question);
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  return (
    <>
      <div className="head">
        <h1>Quality</h1>
        <p className="soft">all that is booked, whatever the range and the filter say</p>
        <ExportMenu question={question} />
      </div>
      <TrustStrip answer={asked.data} />
      <Beyond>
        Records in quarantine, sources, usage without a team, differences and checks are of the whole organisation, and
        not shown.
      </Beyond>
      <Unpriced />
      {whole && (
        <>
          <Unattributed />
          <Quarantine />
          <Sources />
          <Counters />
        </>
      )}
      <Unowneds />
      {whole && (
        <>
          <Differences />
          <Checks />
        </>
      )}
    </>
  );
}
