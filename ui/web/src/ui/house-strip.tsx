import { useHouse, useSpend, useView } from "./house";
import { asWhere, bounded } from "../lib/filter";
import { dayOf, plus, span } from "../lib/time";
import { TrustStrip } from "./trust-strip";

/** Asks for all spend of 30 days, of whom it may be read. */
function useHouseSpend() {
  const { session, now } = useHouse();
  const { cur } = useView().view;
  const until = dayOf(now(), session.zone);
  const since = plus(until, -30);
  const where = bounded("", session.within).map(asWhere);
  return {
    asked: useSpend({ since, until, measures: "cost", where, ...(cur && { currency: cur }) }),
    text: span(since, until),
  };
}

/** Says whether anything is booked; undefined until it is known. */
export function useBooked(): boolean | undefined {
  const { data } = useHouseSpend().asked;
  return data && Boolean(data.meta.last_event_at);
}

/** What figures rest on, on pages that are not about spend in a range: of all spend of 30 days. */
export function HouseStrip() {
  const { asked, text } = useHouseSpend();
  return asked.data ? <TrustStrip answer={asked.data} of={`Spend of ${text}`} /> : null;
}
