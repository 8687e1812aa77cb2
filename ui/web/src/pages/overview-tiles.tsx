import type { Answer, Outcomes } from "../api/client";
import { ONE, units } from "../lib/decimal";
import { count, exact, headline, percent } from "../lib/format";
import { SpendTile } from "../ui/spend-tile";
import { Tile } from "../ui/tile";
import { useBudgets } from "./overview-attention";
import { OfPlan } from "./overview-plan";
import { useMoved } from "./overview-why";
import { Used } from "./workload-parts";

/** The headline figures; one that is not known says so. */
export function Tiles({ answer, today, outcomes }: { answer: Answer; today?: Answer; outcomes?: Outcomes }) {
  const { meta } = answer;
  return (
    <div className="tiles">
      <SpendTile answer={answer} />
      <Tile
        title="Today so far"
        value={today ? headline(units(today.total.cost), meta.currency) : "\u2013"}
        exact={exact(today?.total.cost, meta.currency)}
        note={today ? `${count(units(String(today.total.calls)))} calls` : ""}
      />
      <OfPlan answer={answer} />
      <BudgetLeft />
      <PriceIndex />
      <WithOutcome outcomes={outcomes} />
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

// BudgetLeft is that of the whole organisation, and of the fullest budget where it has none.
function BudgetLeft() {
  const { data, error } = useBudgets();
  const money = data?.items.filter((s) => s.currency) ?? [];
  const whole = money.find((s) => Object.values(s.scope).every((v) => !v) && !s.each);
  const shown = whole ?? money[0];
  if (!data || !shown)
    return (
      <Tile title="Budget left" value={"\u2013"} note={error ? "could not be read" : data ? "no budget yet" : ""} />
    );
  return (
    <Tile
      title={`Budget left, ${whole ? "" : "fullest: "}${shown.budget}`}
      value={headline(units(shown.left), shown.currency ?? "")}
      exact={exact(shown.left, shown.currency ?? "")}
      note={
        <>
          <Used budget={shown} /> of {headline(units(shown.limit), shown.currency ?? "")}
        </>
      }
    />
  );
}

// PriceIndex says how list prices moved for what was used: like for like.
function PriceIndex() {
  const { data } = useMoved();
  const index = units(data?.list_price_index?.fisher);
  const gone = index === null ? null : index - ONE;
  return (
    <Tile
      title="Token price index"
      value={gone === null ? "\u2013" : `${gone > 0n ? "+" : ""}${percent(gone)}`}
      exact={data?.list_price_index?.fisher ?? undefined}
      note={gone === null ? "not compared" : "list prices, like for like"}
    />
  );
}
