import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Adoption, PeopleGroup } from "../api/adoption";
import { apportion } from "../lib/apportion";
import { divide, ONE, units } from "../lib/decimal";
import { cents, count, exact, unitCost, whole as money } from "../lib/format";
import { narrow, readFilter, writeFilter } from "../lib/filter";
import { long } from "../lib/time";
import { Detail, Facts } from "../ui/detail";
import { useView } from "../ui/house";
import { nameOf } from "../ui/series";
import { SpendTable, type Column } from "../ui/spend-table";
import { people } from "./adoption-tiles";

interface Line {
  id: string;
  row: PeopleGroup;
  shown: bigint | null;
}

const DASH = "\u2013";
const onDay = (at?: string | null): string => (at ? long(at.slice(0, 10)) : DASH);

/** People of each team, application or source; small groups are one row. */
export function Groups({ shown, choices }: { shown: Adoption; choices: string[] }) {
  const { change } = useView();
  const [open, setOpen] = useState<string | null>(null);
  const { by, meta, groups } = shown;
  const cuts = apportion(
    groups.map((g) => units(g.cost)),
    units(shown.cost),
  );
  const lines = groups.map((row, i): Line => ({ id: row.few ? "\u0000" : row.name, row, shown: cuts[i] ?? null }));
  const named = (row: PeopleGroup): string => (row.few ? "other, with few people each" : nameOf(row.name, by));
  const amount = (text: string | null, n: bigint | null) => (
    <span title={exact(text, meta.currency)} data-exact={text}>
      {cents(n, units(text), meta.currency)}
    </span>
  );
  const whole = units(shown.cost);
  const columns: Column<Line>[] = [
    {
      id: "group",
      name: by.charAt(0).toUpperCase() + by.slice(1),
      by: (l) => named(l.row),
      foot: "Total",
      show: (l) => <button onClick={() => setOpen(l.id)}>{named(l.row)}</button>,
    },
    {
      id: "people",
      name: "People",
      by: (l) => (l.row.people === null ? null : units(String(l.row.people))),
      foot: people(shown.active),
      show: (l) => <span data-people={l.row.people}>{people(l.row.people)}</span>,
    },
    {
      id: "calls",
      name: "Their calls",
      by: (l) => units(String(l.row.calls)),
      foot: count(units(String(shown.calls))),
      show: (l) => count(units(String(l.row.calls))),
    },
    {
      id: "cost",
      name: "Their spend",
      by: (l) => units(l.row.cost),
      foot: amount(shown.cost, whole === null ? null : divide(whole, ONE / 100n)),
      show: (l) => amount(l.row.cost, l.shown),
    },
    {
      id: "per_person",
      name: "Per person",
      by: (l) => perPerson(l.row),
      foot: unitCost(perPerson({ cost: shown.cost, people: shown.active }), meta.currency),
      show: (l) => unitCost(perPerson(l.row), meta.currency),
    },
    { id: "first", name: "First use", by: (l) => l.row.first_use, foot: "", show: (l) => onDay(l.row.first_use) },
    { id: "last", name: "Last use", by: (l) => l.row.last_use, foot: "", show: (l) => onDay(l.row.last_use) },
  ];
  const picked = lines.find((l) => l.id === open);
  return (
    <>
      <div className="title">
        <h2>People by {by}</h2>
        <span className="soft">
          a person may be in several; calls and spend of people alone; small groups are one row, without a number
        </span>
        <select
          aria-label="Group by"
          className="by"
          value={by}
          onChange={(e) => change({ g: e.target.value, sort: undefined })}
        >
          {choices.map((one) => (
            <option key={one} value={one}>
              by {one}
            </option>
          ))}
        </select>
      </div>
      <SpendTable label={`People by ${by}`} columns={columns} lines={lines} sort="-people" idOf={(l) => l.id} />
      <Detail title={picked ? named(picked.row) : null} close={() => setOpen(null)}>
        {picked && <Group row={picked.row} shown={shown} close={() => setOpen(null)} />}
      </Detail>
    </>
  );
}

function perPerson({ cost, people: n }: { cost: string | null; people?: number | null }): bigint | null {
  const u = units(cost);
  return u === null || !n ? null : divide(u, BigInt(n));
}

function Group({
  row,
  shown: { by, meta, minimum_group },
  close,
}: {
  row: PeopleGroup;
  shown: Adoption;
  close: () => void;
}) {
  const { view, change } = useView();
  const f = writeFilter(narrow(readFilter(view.f ?? ""), by, row.name));
  return (
    <>
      <Facts
        facts={[
          ["People", row.people === null ? `not said: some have fewer than ${minimum_group}` : people(row.people)],
          ["Their calls", count(units(String(row.calls)))],
          ["Their spend", money(row.cost, meta.currency)],
          ["First use", row.first_use ? onDay(row.first_use) : ""],
          ["Last use", row.last_use ? onDay(row.last_use) : ""],
        ]}
      />
      {!row.few && (
        <p className="rule">
          {by !== "source" && row.name !== "" && (
            <button
              className="control"
              onClick={() => {
                close();
                change({ f });
              }}
            >
              Show this {by} alone
            </button>
          )}
          <Link to="/explore" search={(old) => ({ ...old, f, g: "workflow", sort: undefined })}>
            All its spend in Explore, of machines too
          </Link>
        </p>
      )}
    </>
  );
}
