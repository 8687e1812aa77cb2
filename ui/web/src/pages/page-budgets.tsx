import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getBudgets, type BudgetList, type Standing } from "../api/budget";
import type { Fault } from "../api/client";
import { ONE, units } from "../lib/decimal";
import { count, points } from "../lib/format";
import { moment } from "../lib/duration";
import { paceOf, type Pace } from "../lib/pace";
import { long } from "../lib/time";
import { AskedMenu } from "../ui/asked-menu";
import { Detail } from "../ui/detail";
import { useHouse, useZone } from "../ui/house";
import { HouseStrip } from "../ui/house-strip";
import { SpendTable, type Column } from "../ui/spend-table";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import { BudgetDetail, figureOf } from "./budget-detail";
import { Meter } from "./budget-meter";
import { BudgetsEmpty } from "./budgets-empty";
import "./control.css";
import { scopeText } from "./scope";

const LIMIT = "200";

interface Line {
  s: Standing;
  id: string;
  pace: Pace;
}

/** Limits, how fast they are used, and who is next. */
export default function Budgets() {
  const { session } = useHouse();
  const zone = useZone();
  const [open, setOpen] = useState<string | null>(null);
  const asked = useQuery<BudgetList, Fault>({
    queryKey: ["ledger", "budgets"],
    queryFn: ({ signal }) => getBudgets(LIMIT, signal),
  });
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the budgets…</p>;
  const { items, more, at } = asked.data;
  const lines = items.map((s) => ({ s, id: idOf(s), pace: paceOf(s, at) }));
  const shown = lines.find((l) => l.id === open);
  const exports = {
    path: "/api/v1/budgets",
    query: { limit: LIMIT },
    file: "budgets",
    command: "bursar budget list",
    csv: true,
  };
  return (
    <>
      <div className="head">
        <h1>Budgets</h1>
        <p className="soft">{`open windows as of ${moment(at, zone)}, ${zone}; days in ${session.zone}`}</p>
        <AskedMenu asked={exports} />
      </div>
      <HouseStrip />
      {items.length === 0 ? (
        <BudgetsEmpty />
      ) : (
        <>
          <Tiles lines={lines} more={more} />
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
        {shown && <BudgetDetail standing={shown.s} />}
      </Detail>
    </>
  );
}

const idOf = (s: Standing): string => [s.budget, ...Object.values(s.each ?? {}), s.from ?? ""].join("\u0000");

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

const columnsOf = (open: (id: string) => void, lines: Line[], more: number): Column<Line>[] => [
  {
    id: "budget",
    name: "Budget",
    by: (l) => l.s.budget,
    foot: more > 0 ? `${lines.length} fullest, ${more} more` : `${lines.length} windows`,
    show: (l) => <button onClick={() => open(l.id)}>{l.s.budget}</button>,
  },
  {
    id: "scope",
    name: "Whose calls",
    by: (l) => scopeText(l.s.scope, l.s.each),
    foot: "",
    show: (l) => scopeText(l.s.scope, l.s.each),
  },
  { id: "limit", name: "Limit", by: (l) => units(l.s.limit), foot: "", show: (l) => figureOf(l.s, units(l.s.limit)) },
  { id: "used", name: "Used", by: (l) => l.pace.used, foot: "", show: (l) => figureOf(l.s, l.pace.used) },
  { id: "meter", name: "Of the limit", by: (l) => l.pace.share, foot: "", show: (l) => <Meter pace={l.pace} /> },
  { id: "pace", name: "Pace", by: (l) => l.pace.ahead, foot: "", show: (l) => points(l.pace.ahead) },
  {
    id: "full",
    name: "Full on",
    by: (l) => (l.pace.share >= ONE ? "0" : l.pace.full || "9"),
    foot: "",
    show: (l) =>
      l.pace.share >= ONE ? (
        <span className="over-text">reached</span>
      ) : l.pace.full ? (
        <span title={l.pace.full}>{long(l.pace.full.slice(0, 10))}</span>
      ) : (
        <span title="not in its window, at this pace">later</span>
      ),
  },
  { id: "at_limit", name: "At the limit", by: (l) => l.s.at_limit, foot: "", show: (l) => l.s.at_limit },
  {
    id: "refused",
    name: "Refused",
    by: (l) => units(String(l.s.refused)),
    foot: "",
    show: (l) => count(units(String(l.s.refused))),
  },
  { id: "owner", name: "Owner", by: (l) => l.s.owner ?? "", foot: "", show: (l) => l.s.owner ?? "\u2013" },
];
