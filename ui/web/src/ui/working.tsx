import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useView } from "./house";

const PATIENCE = [3000, 10_000]; // milliseconds until it is said that it goes on, and that it is slow

/** Says that a question is still being answered, lets it be stopped, and after ten seconds how to ask for less. */
export function Working() {
  const asks = useIsFetching() > 0;
  const [waited, setWaited] = useState(0);
  const { view, change } = useView();
  const stop = useStop();
  useEffect(() => {
    if (!asks) return;
    const timers = PATIENCE.map((ms, i) => setTimeout(() => setWaited(i + 1), ms));
    return () => {
      timers.forEach(clearTimeout);
      setWaited(0);
    };
  }, [asks]);
  return (
    <div role="status" className="working">
      {waited === 1 && "Still working…"}
      {waited === 2 && "This question is slow. Keep waiting, or ask for less."}
      {waited > 0 && (
        <button className="quiet" onClick={stop}>
          Stop
        </button>
      )}
      {waited === 2 && view.range !== "7d" && (
        <button className="quiet" onClick={() => change({ range: "7d" })}>
          Narrow to 7 days
        </button>
      )}
    </div>
  );
}

// useStop gives up every question that is being answered, here and on the server. What has
// an older answer keeps it; the others say that they were stopped.
function useStop(): () => void {
  const queries = useQueryClient();
  return () => {
    const asking = { fetchStatus: "fetching" } as const;
    void queries.cancelQueries({ ...asking, predicate: (one) => one.state.data === undefined }, { revert: false });
    void queries.cancelQueries(asking);
  };
}
