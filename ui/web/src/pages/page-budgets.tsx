import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getBudgets, type BudgetList } from "../api/budget";
import type { Fault } from "../api/client";
import { ONE } from "../lib/decimal";
import { moment } from "../lib/duration";
import { paceOf } from "../lib/pace";
import { long } from "../lib/time";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { Detail } from "../ui/detail";
import { useHouse, useView, useZone } from "../ui/house";
import { HouseStrip } from "../ui/house-strip";
import { SpendTable } from "../ui/spend-table";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import { BudgetDetail } from "./budget-detail";
import { columnsOf, type Line } from "./budgets-columns";
import { idOf, PacePanel, useCourses } from "./budgets-pace";
import { BudgetsEmpty } from "./budgets-empty";
import "./control.css";
import { scopeText } from "./scope";
import { askedOf } from "./settings-pages";

const LIMIT = "200";

/** Limits, how fast they are used, and who is next. */
export default function Budgets() {
  const { session } = useHouse();
  const { view } = useView();
  const query = { limit: LIMIT, ...(view.cur && { currency: view.cur }) };
  const zone = useZone();
  const [open, setOpen] = useState<string | null>(null);
  const asked = useQuery<BudgetList, Fault>({
    queryKey: ["ledger", "budgets", ...(view.cur ? [view.cur] : [])],
    queryFn: ({ signal }) => getBudgets(query, signal),
  });
  const courses = useCourses();
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the budgets…</p>;
  const { items, more, at } = asked.data;
  const lines = items.map((s) => ({ s, id: idOf(s), pace: paceOf(s, at) }));
  const shown = lines.find((l) => l.id === open);
  const command = `bursar budget list ${flagsOf(query)}`;
  return (
    <>
      <div className="head">
        <h1>Budgets</h1>
        <p className="soft">{`open windows as of ${moment(at, zone)}, ${zone}; days in ${session.zone}`}</p>
        <AskedMenu asked={askedOf("/api/v1/budgets", "budgets", { csv: true, query, command })} />
      </div>
      <HouseStrip />
      {items.length === 0 ? (
        <BudgetsEmpty />
      ) : (
        <>
          <Tiles lines={lines} more={more} />
          <PacePanel courses={courses} open={setOpen} />
          <section className="card">
            <div className="title">
              <h2>Limits</h2>
              <span className="soft">
                the bar is what is used, the tick what has passed of the window; the pace is even use, not a forecast
              </span>
            </div>
            <SpendTable
              label="Limits"
              columns={columnsOf(setOpen, lines, more)}
              lines={lines}
              sort="full"
              idOf={(l) => l.id}
            />
          </section>
        </>
      )}
      <Detail title={shown ? shown.s.budget : null} close={() => setOpen(null)}>
        {shown && (
          <BudgetDetail
            standing={shown.s}
            course={courses.data?.items.find((c) => idOf(c) === shown.id)}
            at={courses.data?.at ?? at}
          />
        )}
      </Detail>
    </>
  );
}

function Tiles({ lines, more }: { lines: Line[]; more: number }) {
  const over = lines.filter((l) => l.pace.share >= ONE);
  const next = lines.filter((l) => l.pace.full !== "");
  const refused = lines.filter((l) => l.s.refused > 0);
  const soonest = next.reduce<Line | null>((a, b) => (a && a.pace.full <= b.pace.full ? a : b), null);
  const of = more > 0 ? `of the ${lines.length} fullest; ${more} more` : `of ${lines.length} windows`;
  return (
    <div className="tiles">
      <Tile title="At or over the limit" value={String(over.length)} note={of} />
      <Tile title="Full before their end" value={String(next.length)} note="at this pace, still under the limit" />
      <Tile
        title="Next to be full"
        value={soonest ? long(soonest.pace.full.slice(0, 10)) : "\u2013"}
        note={soonest ? `${soonest.s.budget}, ${scopeText(soonest.s.scope, soonest.s.each)}` : "none in its window"}
      />
      <Tile title="Budgets that refused calls" value={String(refused.length)} note="since the server started" />
    </div>
  );
}
