import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Standing } from "../api/budget";
import type { Guardrail, Guardrails } from "../api/guardrails";
import { units } from "../lib/decimal";
import { long } from "../lib/time";
import { Detail, Facts } from "../ui/detail";
import { Listing } from "../ui/listing";
import { Both } from "./budget-both";
import { scopeText } from "./scope";
import { State, Used } from "./workload-parts";

interface Line {
  rail: Guardrail;
  window: Standing | undefined;
}

/** The limits that may look at the calls of something, each open window a line. */
export function GuardLimits({ g }: { g: Guardrails }) {
  const [open, setOpen] = useState<Line | null>(null);
  const lines = g.limits.flatMap((rail): Line[] =>
    rail.windows.length > 0 ? rail.windows.map((window) => ({ rail, window })) : [{ rail, window: undefined }],
  );
  return (
    <>
      <h3 className="inset">Limits that look at its calls</h3>
      <Listing<Line>
        label="Limits that look at its calls"
        lines={lines}
        idOf={({ rail, window }) => [rail.limit, ...Object.values(window?.each ?? {})].join("/")}
        none={<NoLimit g={g} />}
        open={setOpen}
        fields={[
          { name: "Limit", show: ({ rail }) => rail.limit },
          { name: "Counts", show: ({ rail, window }) => countsOf(rail, window) },
          { name: "At the limit", show: ({ rail }) => rail.at_limit },
          { name: "Resets", show: ({ window: s }) => resetOf(s) },
          { name: "Used", show: ({ window }) => (window ? <Used budget={window} /> : "\u2013") },
          { name: "State", show: ({ window }) => (window ? <State budget={window} /> : "\u2013") },
          {
            name: "Limit is",
            figure: true,
            show: ({ window: s }) => (s ? <Both s={s} own={units(s.limit)} beside={s.converted?.limit} /> : "\u2013"),
          },
          {
            name: "Left",
            figure: true,
            show: ({ window: s }) => (s ? <Both s={s} own={units(s.left)} beside={s.converted?.left} /> : "\u2013"),
          },
        ]}
      />
      {g.hidden > 0 && (
        <p className="inset soft">
          {g.hidden} more {g.hidden === 1 ? "limit is of a scope" : "limits are of scopes"} that you may not see.
        </p>
      )}
      <Detail title={open && open.rail.limit} close={() => setOpen(null)}>
        {open && <Source {...open} />}
      </Detail>
    </>
  );
}

// When a window is empty again; a rolling one gives back bit by bit.
function resetOf(s: Standing | undefined): string {
  if (s?.rolls) return `rolling ${s.rolls}`;
  return s?.resets ? long(s.resets.slice(0, 10)) : "\u2013";
}

// What it counts: all of the calls, or those alone that are something else as well.
function countsOf(rail: Guardrail, window: Standing | undefined): string {
  const beside = Object.entries(rail.beside)
    .map(([name, values]) => `${name.replaceAll("_", " ")} ${values.join(" or ")}`)
    .join(", ");
  const each = window && Object.keys(window.each ?? {}).length > 0 ? scopeText({}, window.each) : "";
  const apart = each || (rail.each.length > 0 && `each ${rail.each.join(" and ").replaceAll("_", " ")}`) || "";
  return [beside ? `its calls of ${beside}` : rail.some ? "some of its calls" : "all its calls", apart]
    .filter(Boolean)
    .join("; ");
}

function Source({ rail, window }: Line) {
  return (
    <>
      <Facts
        facts={[
          ["It says", rail.says],
          ["At the limit", rail.at_limit],
          ["Counts", countsOf(rail, window)],
          ["Whom to ask", rail.owner],
          ["More windows", rail.more_windows > 0 ? `${rail.more_windows} less full ones` : ""],
        ]}
      />
      <p>
        {rail.kind === "budget" ? (
          <Link to="/budgets" search={(old) => ({ ...old, sort: undefined })}>
            Its windows stand on Budgets
          </Link>
        ) : (
          <Link to="/settings/$part" params={{ part: "documents" }} search={(old) => old}>
            The document that declares it stands in Settings
          </Link>
        )}
      </p>
    </>
  );
}

function NoLimit({ g: { kind, name, hidden } }: { g: Guardrails }) {
  if (hidden > 0) return <>None that you may see.</>;
  return (
    <>
      No limit looks at its calls. A file with{" "}
      <code>{`{id: ${name}/month, scope: {${kind}: ${name}}, amount: 500, currency: USD, period: month}`}</code> under{" "}
      <code>budgets:</code> of <code>kind: budget</code> sets one: <code>bursar apply -f FILE</code>.
    </>
  );
}
