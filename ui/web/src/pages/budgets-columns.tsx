import type { Standing } from "../api/budget";
import { ONE, units } from "../lib/decimal";
import { count, points } from "../lib/format";
import type { Pace } from "../lib/pace";
import { long } from "../lib/time";
import type { Column } from "../ui/spend-table";
import { Both } from "./budget-both";
import { Meter } from "./budget-meter";
import { scopeText } from "./scope";

/** A window as the table of limits shows it. */
export interface Line {
  s: Standing;
  id: string;
  pace: Pace;
}

const limitOf = ({ s }: Line) => <Both s={s} own={units(s.limit)} beside={s.converted?.limit} />;
const usedOf = ({ s, pace }: Line) => <Both s={s} own={pace.used} beside={s.converted?.used} />;

/** The columns of the limits; a budget's name opens its window. */
export const columnsOf = (open: (id: string) => void, lines: Line[], more: number): Column<Line>[] => [
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
  { id: "limit", name: "Limit", by: (l) => units(l.s.limit), foot: "", show: limitOf },
  { id: "used", name: "Used", by: (l) => l.pace.used, foot: "", show: usedOf },
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
