import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import type { Explained } from "../api/client";
import { apportion, beyond } from "../lib/apportion";
import { magnitude, units, written } from "../lib/decimal";
import { cents, exact } from "../lib/format";
import { narrow, readFilter, writeFilter } from "../lib/filter";
import { ChangeDrawer, type Slice } from "../ui/drawer";
import { useView } from "../ui/house";
import { nameOf } from "../ui/series";
import { SpendTable, type Column } from "../ui/spend-table";
import { toldOf, type Effect, type Told } from "./bill-effects";
import { shower } from "./bill-tables";

const LARGEST = 5; // effects that have columns on a small screen

// lesserOf gives the places of the effects that a small screen sums.
function lesserOf(effects: Effect[], moved: (e: Effect) => boolean): number[] {
  const places = effects.map((e, i) => ({ e, i })).filter(({ e }) => moved(e));
  if (places.length <= LARGEST + 1) return [];
  const bySize = places.sort((a, b) => (magnitude(a.e.units) < magnitude(b.e.units) ? 1 : -1));
  return bySize.slice(LARGEST).map(({ i }) => i);
}

/** Every workflow with its effects; a cell's column is sorted by size, up or down. */
export function Matrix({ explained, told }: { explained: Explained; told: Told }) {
  const { view } = useView();
  const [slice, setSlice] = useState<Slice | null>(null);
  const { currency, rows, total } = explained;
  const cut = (end: "before" | "after"): (bigint | null)[] =>
    apportion(
      rows.map((row) => units(row[end])),
      units(total[end]),
    );
  const [before, after] = [cut("before"), cut("after")];
  const lines = rows.map((row, i) => toldOf(row, before[i] ?? 0n, after[i] ?? 0n));
  const show = shower(currency);
  const amount = (n: bigint, text: string): ReactNode => (
    <span title={exact(text, currency)} data-exact={text} data-cents={String(n)}>
      {cents(n, units(text), currency)}
    </span>
  );
  const change = (l: Told): bigint => units(l.row.change) ?? 0n;
  const name = (l: Told): string => l.row.keys.workflow ?? "";
  const drill = (key: string): string => writeFilter(narrow(readFilter(view.f ?? ""), "workflow", key));
  const moved = (e: Effect): boolean => rows.some((row) => (units(row.effects[e.id]) ?? 0n) !== 0n);
  const lesser = lesserOf(told.effects, moved);
  const others = (l: Told): ReactNode => {
    const kept = l.effects.filter((_, i) => !lesser.includes(i));
    const u = beyond(
      units(l.row.change),
      kept.map((e) => e.units),
    );
    const n = beyond(
      l.after - l.before,
      kept.map((e) => e.cents),
    );
    return u === 0n ? <span className="soft">–</span> : show(n, u, written(u));
  };
  const rest: Column<Told> = { id: "rest", name: "Other effects", wide: "narrow", foot: others(told), show: others };
  const columns: Column<Told>[] = [
    {
      id: "workflow",
      name: "Workflow",
      by: name,
      foot: "Total",
      show: (l) => (
        <Link
          to="/explore"
          search={(old) => ({ ...old, f: drill(name(l)), g: "agent", m: undefined, sort: undefined })}
        >
          {nameOf(name(l), "workflow")}
        </Link>
      ),
    },
    {
      id: "before",
      name: "Before",
      by: (l) => units(l.row.before),
      foot: amount(told.before, total.before),
      show: (l) => amount(l.before, l.row.before),
    },
    ...told.effects.flatMap((e, i): Column<Told>[] => {
      if (!moved(e)) return [];
      const of = (l: Told) => l.effects[i] ?? e;
      return [
        {
          id: e.id,
          name: e.name,
          ...(lesser.includes(i) && { wide: "wide" as const }),
          by: (l) => magnitude(of(l).units),
          foot: show(e.cents, e.units, e.exact),
          show: (l) =>
            of(l).units === 0n ? <span className="soft">–</span> : show(of(l).cents, of(l).units, of(l).exact),
        },
      ];
    }),
    ...(lesser.length > 0 ? [rest] : []),
    {
      id: "after",
      name: "Now",
      by: (l) => units(l.row.after),
      foot: amount(told.after, total.after),
      show: (l) => amount(l.after, l.row.after),
    },
    {
      id: "change",
      name: "Change",
      by: (l) => magnitude(change(l)),
      foot: show(told.after - told.before, units(total.change) ?? 0n, total.change),
      show: (l) => show(l.after - l.before, change(l), l.row.change),
    },
    {
      id: "why",
      name: "Why",
      by: () => null,
      foot: "",
      show: (l) => (
        <button
          className="quiet"
          aria-label={`explain ${nameOf(name(l), "workflow")}`}
          onClick={() => setSlice({ dimension: "workflow", key: name(l) })}
        >
          explain
        </button>
      ),
    },
  ];
  return (
    <>
      <SpendTable label="By workflow" columns={columns} lines={lines} sort="-change" idOf={name} />
      <ChangeDrawer slice={slice} close={() => setSlice(null)} />
    </>
  );
}
