import { useHouse, useView } from "./house";

/** Chooses the currency of figures: that of the organisation, or one with kept exchange rates. */
export function CurrencySelect({ off }: { off: string }) {
  const { session } = useHouse();
  const { view, change } = useView();
  if (session.currencies.length < 2 && !view.cur) return null; // there is nothing to choose
  const all = new Set([...session.currencies, ...(view.cur ? [view.cur] : [])]);
  return (
    <select
      aria-label="Currency"
      value={view.cur ?? session.currency}
      disabled={Boolean(off)}
      title={off || "Each day is converted by its own exchange rate"}
      onChange={(e) => change({ cur: e.target.value === session.currency ? undefined : e.target.value })}
    >
      {[...all].map((id) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  );
}
