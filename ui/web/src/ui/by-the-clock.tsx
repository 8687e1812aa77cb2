import { units } from "../lib/decimal";
import { exact, headline } from "../lib/format";
import { questionOf, type Measure } from "../lib/view";
import { useSpend, useView } from "./house";

/** What stands at an hour: seats and subscriptions are bought by the day, and would all stand at midnight. */
export const BY_THE_CLOCK = { where: ["category!=purchase"] };

/** Says how much a chart of hours leaves out. */
export function BoughtByTheDay({ measure }: { measure: Measure }) {
  const { view, window: w } = useView();
  const priced = measure === "cost"; // what is bought has no calls
  const asked = useSpend(questionOf(view, w, { measures: measure, where: ["category=purchase"] }), priced);
  const text = asked.data?.total.values[measure];
  const currency = asked.data?.meta.currency ?? "";
  if (!priced || !units(text)) return null;
  return (
    <span title={exact(text, currency)}>; without {headline(units(text), currency)} bought by the day, at no hour</span>
  );
}
