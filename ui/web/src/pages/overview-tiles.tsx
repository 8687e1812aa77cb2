import type { Answer, Outcomes } from "../api/client";
import { units } from "../lib/decimal";
import { count, exact, headline, percent, unitCost } from "../lib/format";
import { nameOf } from "../ui/series";
import { Delta, Tile } from "../ui/tile";

/** The headline figures; one that is not known says so. */
export function Tiles({ answer, today, outcomes }: { answer: Answer; today?: Answer; outcomes?: Outcomes }) {
  const { total, meta } = answer;
  const cost = units(total.cost);
  const before = units(total.previous?.cost);
  const calls = units(String(total.calls));
  const earlier = units(total.previous?.calls);
  return (
    <div className="tiles">
      <Tile
        title="Spend"
        value={headline(cost, meta.currency)}
        exact={exact(total.cost, meta.currency)}
        note={
          before === null ? (
            "not compared"
          ) : (
            <>
              <Delta now={cost} before={before} /> from {headline(before, meta.currency)}
            </>
          )
        }
      />
      <Tile
        title="Today so far"
        value={today ? headline(units(today.total.cost), meta.currency) : "\u2013"}
        exact={exact(today?.total.cost, meta.currency)}
        note={today ? `${count(units(String(today.total.calls)))} calls` : ""}
      />
      <Tile
        title="Calls"
        value={count(calls)}
        exact={`${total.calls} calls`}
        note={
          earlier === null ? (
            "not compared"
          ) : (
            <>
              <Delta now={calls} before={earlier} plain /> from {count(earlier)}
            </>
          )
        }
      />
      <WithOutcome outcomes={outcomes} />
      <PerOutcome outcomes={outcomes} />
    </div>
  );
}

function WithOutcome({ outcomes }: { outcomes?: Outcomes }) {
  const name = "Spend with an outcome";
  if (!outcomes) return <Tile title={name} value={"\u2013"} note="not known for this slice" />;
  if (!outcomes.rows.some((row) => (units(row.outcomes) ?? 0n) > 0n))
    return <Tile title={name} value={"\u2013"} note="no outcome linked yet" />;
  const { total, meta } = outcomes;
  return (
    <Tile
      title={name}
      value={percent(units(total.with_outcome_share))}
      note={`${headline(units(total.orphan), meta.currency)} without one`}
      exact={exact(total.orphan, meta.currency)}
    />
  );
}

// PerOutcome shows what the dearest result costs: results of several workflows are of
// several kinds, so they have no cost per outcome together.
function PerOutcome({ outcomes }: { outcomes?: Outcomes }) {
  const priced = outcomes?.rows.filter((row) => row.cost_per_outcome !== null) ?? [];
  const [first, ...others] = priced;
  if (!outcomes || !first) return <Tile title="Cost per outcome" value={"\u2013"} note="no outcome linked yet" />;
  const cost = (row: typeof first): bigint => units(row.cost_per_outcome) ?? 0n;
  const dearest = others.reduce((a, b) => (cost(b) > cost(a) ? b : a), first);
  return (
    <Tile
      title={`Cost per ${dearest.definition || "outcome"}`}
      value={unitCost(cost(dearest), outcomes.meta.currency)}
      note={`${nameOf(dearest.workflow, "workflow")}${others.length > 0 ? ", the dearest" : ""}`}
      exact={exact(dearest.cost_per_outcome, outcomes.meta.currency)}
    />
  );
}
