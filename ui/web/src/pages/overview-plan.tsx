import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getPlan, type Answer, type Fault, type Plan } from "../api/client";
import { divide, ONE, units } from "../lib/decimal";
import { exact, headline, percent } from "../lib/format";
import { readFilter } from "../lib/filter";
import { clockOf } from "../lib/grain";
import type { Window } from "../lib/view";
import { useView } from "../ui/house";
import { Tile } from "../ui/tile";

/** The line of the plan that is about what is looked at, undefined while there is none. */
export function usePlanned(w: Window): Plan["items"][number] | undefined {
  const { view } = useView();
  const query = { since: w.since, ...(w.until && { until: w.until }) };
  const { data } = useQuery<Plan, Fault>({
    queryKey: ["plan", query],
    queryFn: ({ signal }) => getPlan(query, signal),
    placeholderData: keepPreviousData,
    enabled: clockOf(w.grain) === 0 && w.since !== "",
  });
  const filter = readFilter(view.f ?? "");
  const is = (where: Record<string, string>): boolean =>
    Object.keys(where).length === filter.length &&
    filter.every((c) => !c.not && c.values.length === 1 && where[c.dimension] === c.values[0]);
  return data?.items.find((line) => is(line.where));
}

/** What was spent of what is planned for the window. */
export function OfPlan({ answer: { total, meta } }: { answer: Answer }) {
  const { window: w } = useView();
  const planned = usePlanned(w);
  const [spent, amount] = [units(total.cost), units(planned?.amount)];
  if (!planned || planned.currency !== meta.currency || spent === null) return null;
  if (amount === null) return <Tile title="Spend against plan" value={"\u2013"} note="not all of it is planned" />;
  return (
    <Tile
      title="Spend against plan"
      value={amount > 0n ? percent(divide(spent * ONE, amount)) : "\u2013"}
      note={`of ${headline(amount, meta.currency)} planned for these days`}
      exact={`${exact(total.cost, meta.currency)} of ${exact(planned.amount, meta.currency)}`}
    />
  );
}
