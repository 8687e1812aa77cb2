import { useContext } from "react";
import { readFilter } from "../lib/filter";
import { ScopeContext, useView } from "./house";

/** Ways on from a view in which nothing is found. */
export function Wider() {
  const { view, change } = useView();
  const scope = useContext(ScopeContext); // the page itself, which no button clears
  const set = readFilter(view.f ?? "").some((c) => c.dimension !== scope?.dimension || c.not);
  return (
    <>
      {set && (
        <>
          <button className="quiet" onClick={() => change({ f: undefined })}>
            Clear filters
          </button>{" "}
        </>
      )}
      <button className="quiet" onClick={() => change({ range: "90d" })}>
        Widen to 90 days
      </button>
    </>
  );
}
