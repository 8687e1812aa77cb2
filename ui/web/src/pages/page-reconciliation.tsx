import "./control.css";
import "./settings.css";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Fault } from "../api/client";
import { getReconciliation, type Reconciliation as Found } from "../api/reconciliation";
import { AskedMenu, flagsOf, type Asked } from "../ui/asked-menu";
import { Beyond } from "../ui/beyond";
import { useHouse, useView } from "../ui/house";
import { Panel } from "../ui/listing";
import { Accounts } from "./reconciliation-accounts";
import { Connect } from "./reconciliation-connect";
import { Rates, ShadowKeys } from "./reconciliation-found";
import { Lines, Unmatched } from "./reconciliation-lines";
import "./reconciliation.css";
import { FromMetered } from "./reconciliation-way";

interface Part {
  title: string;
  note: string;
  name: string; // of its export
  list?: string; // of the interface's, where it is none of the rows
  show: (found: Found) => ReactNode;
}

const PARTS: Part[] = [
  {
    title: "Metered and billed",
    note: "metered and the reasons come to what is billed, to the last digit",
    name: "accounts",
    show: (found) => <Accounts found={found} />,
  },
  {
    title: "From metered to billed",
    note: "a bar opens the rows that its reason is of",
    name: "the reasons",
    show: (found) => <FromMetered found={found} />,
  },
  {
    title: "By day and SKU",
    note: "of the account that is shown; what a bill says of a month stands in one row",
    name: "rows",
    show: (found) => <Lines found={found} />,
  },
  {
    title: "Unmatched money",
    note: "what one side alone knows, with its owner",
    name: "unmatched money",
    show: (found) => <Unmatched found={found} />,
  },
  {
    title: "Keys that nobody answers for",
    note: "usage that a vendor tells of and no attribution rule gives a team",
    name: "keys",
    list: "keys",
    show: ({ shadow }) => <ShadowKeys lines={shadow} />,
  },
  {
    title: "Rates that the amounts show",
    note: "for a million tokens; how many amounts they give, and by how much they miss at most",
    name: "rates",
    list: "rates",
    show: ({ inferred }) => <Rates lines={inferred} />,
  },
  {
    title: "Not billed yet",
    note: "what was metered and no vendor tells money of, and how to hear of it",
    name: "what is not billed",
    show: (found) => <Connect found={found} />,
  },
];

/** What was metered beside what vendors report and bill, with reasons that sum to each difference. */
export default function Reconciliation() {
  const { window: w, change } = useView();
  const { whole } = useHouse().session;
  const period = /^\d{4}-\d{2}(?=-\d{2})/.exec(w.since)?.[0] ?? "";
  const asked = useQuery<Found, Fault>({
    queryKey: ["ledger", "reconciliation", period],
    queryFn: ({ signal }) => getReconciliation(period, signal),
    placeholderData: keepPreviousData,
    enabled: whole && period !== "",
  });
  const exported = (list?: string): Asked => {
    const query = { period, list };
    const file = ["reconciliation", list, period].filter(Boolean).join("-");
    return { path: "/api/v1/reconciliation", query, file, command: `bursar reconcile ${flagsOf(query)}`, csv: true };
  };
  if (!whole)
    return (
      <>
        <div className="head">
          <h1>Reconciliation</h1>
        </div>
        <Beyond>A vendor’s bill has no team, so no part of it is yours alone: what is billed is not shown.</Beyond>
      </>
    );
  return (
    <>
      <div className="head">
        <h1>Reconciliation</h1>
        <p className="soft">{period && `${period}, the month in which the range begins, by each vendor's own days`}</p>
        {period && <AskedMenu asked={exported()} />}
      </div>
      {!period && (
        <p className="notice">
          Bills are of months, and {w.text} has no first month.{" "}
          <button className="quiet" onClick={() => change({ range: "lm" })}>
            Show last month
          </button>
        </p>
      )}
      {period &&
        PARTS.map(({ title, note, name, list, show }) => (
          <Panel key={title} {...{ title, note, asked, show }} end={<AskedMenu name={name} asked={exported(list)} />} />
        ))}
    </>
  );
}
