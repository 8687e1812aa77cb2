import { useView } from "./house";

/** Ways on from a view in which nothing is found. */
export function Wider() {
  const { change } = useView();
  return (
    <>
      <button className="quiet" onClick={() => change({ f: undefined })}>
        Clear filters
      </button>{" "}
      <button className="quiet" onClick={() => change({ range: "90d" })}>
        Widen to 90 days
      </button>
    </>
  );
}
