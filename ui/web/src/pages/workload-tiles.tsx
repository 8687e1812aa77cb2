import type { Workload } from "../api/client";
import { units } from "../lib/decimal";
import { count, headline, percent, unitCost } from "../lib/format";
import { Tile } from "../ui/tile";
import * as part from "./workload-parts";

/** Says that there is none of something, once that is known. */
export const unknown = (known: boolean, text: string): string => (known ? text : "reading\u2026");

/** What one outcome of a workflow costs. */
export function PerOutcome({ one, known, currency }: { one: Workload | undefined; known: boolean; currency: string }) {
  const found = one?.outcomes;
  return (
    <Tile
      title={`Cost per ${found?.definition || "outcome"}`}
      value={unitCost(units(found?.cost_per_outcome), currency)}
      note={
        found && units(found.outcomes) !== 0n
          ? `${count(units(found.outcomes))} outcomes, ${percent(units(found.with_outcome_share))} of spend`
          : unknown(known, "no outcome linked yet")
      }
    />
  );
}

/** What is left of the budget of which most is used. */
export function Left({ one, known }: { one: Workload | undefined; known: boolean }) {
  const budget = part.tightest(one);
  if (!budget) return <Tile title="Budget left" value={"\u2013"} note={unknown(known, "no budget names it")} />;
  const left = units(budget.left);
  return (
    <Tile
      title={`Budget left, ${budget.budget}`}
      value={budget.currency ? headline(left, budget.currency) : count(left)}
      note={
        <>
          <part.Used budget={budget} /> of{" "}
          {budget.currency ? headline(units(budget.limit), budget.currency) : count(units(budget.limit))}
        </>
      }
    />
  );
}
