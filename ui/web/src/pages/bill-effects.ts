// The effects of a bill, in the order in which they are told, and their shown cents.

import type { Explained } from "../api/client";
import { apportionChange } from "../lib/apportion";
import { divide, ONE, units } from "../lib/decimal";

export type BillRow = Explained["total"];

/** What each headline is made of, and what changed when it is not zero. */
export const HEADLINES: Record<string, Record<string, [name: string, what: string]>> = {
  volume: {
    outcomes: ["Outcomes", "verified outcomes of workflows"],
    runs_per_outcome: ["Runs per outcome", "runs for each outcome, failed ones too"],
    calls_per_run: ["Calls per run", "calls of a run: loops of an agent"],
    outside_runs: ["Outside runs", "calls for each call in a run, those that name no run too"],
    calls: ["Calls", "the number of calls, where no outcomes and runs divide them"],
    context: ["Longer prompts", "prompt tokens of a call"],
    output: ["Longer answers", "completion tokens of a call"],
    other_meters: ["Other meters", "searches, images, seconds and the like of a call"],
  },
  mix: {
    mix: ["Mix of work", "shares of slices and product lines in the calls, new and gone ones among them"],
    succession: ["New versions", "the model asked for, within a product line"],
    alias: ["Alias", "what answered to the same name, and the price of a name that moved"],
    routing: ["Routing", "seller, region and currency of the same model"],
    tiers: ["Tiers", "service tier and context tier"],
    cache: ["Cache", "fresh, cached and cache-writing shares of the prompt"],
  },
  price: {
    list_price: ["List prices", "list prices"],
    promotion: ["Promotions", "list prices where a price for a time alone began or ended"],
    terms: ["Terms", "contracted over list prices"],
    settlement: ["Settlement", "cost over contracted prices: seats that cover calls, exchange rates"],
  },
  purchases: {
    purchases: ["Purchases", "bought without a meter: seats, credits, fees, taxes"],
    uncounted: ["Uncounted usage", "usage whose lines count no calls or units, as a whole"],
  },
};

export interface Effect {
  id: string;
  headline: string;
  name: string;
  what: string;
  exact: string;
  units: bigint;
  cents: bigint;
}

/** A row with cents that add up: before and the effects give after. */
export interface Told {
  row: BillRow;
  before: bigint;
  after: bigint;
  effects: Effect[];
  headlines: { id: string; exact: string; units: bigint; cents: bigint }[];
}

const known = (text: string | null | undefined): bigint => units(text) ?? 0n;
const centsOf = (text: string): bigint => divide(known(text), ONE / 100n);

/** Rounds a row so that everything that it shows sums. */
export function toldOf(row: BillRow, before = centsOf(row.before), after = centsOf(row.after)): Told {
  const names = Object.keys(HEADLINES);
  const tops = apportionChange(
    names.map((id) => known(row.headlines[id])),
    after - before,
  );
  const headlines = names.map((id, i) => ({
    id,
    exact: row.headlines[id] ?? "0",
    units: known(row.headlines[id]),
    cents: tops[i] ?? 0n,
  }));
  const effects = headlines.flatMap((headline) => {
    const drivers = Object.entries(HEADLINES[headline.id] ?? {});
    const cuts = apportionChange(
      drivers.map(([id]) => known(row.effects[id])),
      headline.cents,
    );
    return drivers.map(([id, [name, what]], i) => ({
      id,
      headline: headline.id,
      name,
      what,
      exact: row.effects[id] ?? "0",
      units: known(row.effects[id]),
      cents: cuts[i] ?? 0n,
    }));
  });
  return { row, before, after, effects, headlines };
}
