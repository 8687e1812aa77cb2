import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getAdoption, type Adoption, type AdoptionQuestion } from "../api/adoption";
import type { Fault } from "../api/client";
import { asWhere, readFilter, writeFilter, type Condition } from "../lib/filter";
import { dayOf } from "../lib/time";
import { windowOf } from "../lib/view";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { useHouse, useView } from "../ui/house";
import { Trouble } from "../ui/trouble";
import { TrustStrip } from "../ui/trust-strip";
import { Concentration, Breadth, Uses } from "./adoption-bars";
import { PeopleByDay } from "./adoption-days";
import { Few, NoPeople, NoSeats } from "./adoption-empty";
import { Groups } from "./adoption-groups";
import { SeatsTable } from "./adoption-seats";
import { Tiles } from "./adoption-tiles";
import "./adoption.css";
import "./control.css";
import { Waiting } from "./waiting";

const GROUPS = ["team", "application", "source"];

/** Who uses what is paid for: people in groups, and seats. */
export default function AdoptionPage() {
  const { view, change } = useView();
  const { session, now } = useHouse();
  const today = dayOf(now(), session.zone);
  const hours = view.range === "1h" || view.range === "24h"; // people are counted by days
  const w = windowOf(hours ? { ...view, range: "today" } : view, today, session.begins);
  const by = GROUPS.includes(view.g ?? "") ? (view.g ?? "") : "team";
  const all = readFilter(view.f ?? "");
  const where = all.filter(meant);
  const question: AdoptionQuestion = {
    since: w.since || "2015-01-01",
    ...(w.until && { until: w.until }),
    by,
    ...(where.length > 0 && { where: where.map(asWhere) }),
  };
  const asked = useQuery<Adoption, Fault>({
    queryKey: ["ledger", "adoption", question],
    queryFn: ({ signal }) => getAdoption(question, signal),
    placeholderData: keepPreviousData,
  });
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  if (!asked.data.meta.last_event_at) return <Waiting />;
  const shown = asked.data;
  const query = { ...question };
  const exports = {
    path: "/api/v1/adoption",
    query,
    file: "adoption",
    command: `bursar adoption ${flagsOf(query)}`,
    csv: true,
  };
  const left = all.filter((c) => !meant(c));
  const busy = asked.isPlaceholderData ? "card busy" : "card";
  return (
    <>
      <div className="head">
        <h1>Adoption</h1>
        <p className="soft">
          {w.text}
          {where.length > 0 && `, ${where.map(asWhere).join(", ")}`}; groups of {shown.minimum_group} people and more,
          nobody by name
        </p>
        <AskedMenu asked={exports} />
      </div>
      <TrustStrip answer={shown} />
      {left.length > 0 && (
        <p className="notice">
          People are counted of one business unit, team or application at a time, so {left.map(asWhere).join(", ")} is
          not in force here.{" "}
          <button className="quiet" onClick={() => change({ f: writeFilter(where) || undefined })}>
            Leave it out
          </button>
        </p>
      )}
      <Tiles shown={shown} />
      {shown.few && <Few least={shown.minimum_group} />}
      {!shown.few && shown.active === 0 && <NoPeople text={w.text} />}
      {!shown.few && shown.active !== 0 && (
        <>
          <PeopleByDay shown={shown} window={w} today={today} busy={busy} />
          <div className="adoption">
            <Breadth shown={shown} />
            <Concentration shown={shown} />
            <Uses shown={shown} />
          </div>
        </>
      )}
      <section className={busy}>
        {shown.seats.rows.length > 0 ? <SeatsTable shown={shown} /> : <NoSeats text={w.text} />}
      </section>
      {shown.groups.length > 0 && (
        <section className={busy}>
          <Groups shown={shown} choices={GROUPS} />
        </section>
      )}
    </>
  );
}

// meant says whether people may be counted under a condition.
const meant = (c: Condition): boolean =>
  !c.not && c.values.length === 1 && ["business_unit", "team", "application"].includes(c.dimension);
