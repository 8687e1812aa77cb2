import { useHouse, useSpend } from "./house";
import { dayOf, plus, span } from "../lib/time";
import { TrustStrip } from "./trust-strip";

/** What figures rest on, on pages that are not about spend in a range: of all spend of 30 days. */
export function HouseStrip() {
  const { session, now } = useHouse();
  const until = dayOf(now(), session.zone);
  const since = plus(until, -30);
  const asked = useSpend({ since, until, measures: "cost" });
  return asked.data ? <TrustStrip answer={asked.data} of={`Spend of ${span(since, until)}`} /> : null;
}
