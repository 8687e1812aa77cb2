import { useSyncExternalStore } from "react";
import { dropped, forget, hear } from "../lib/dropped";

/** Names what the address said and no page knows, so that nothing is left out in silence. */
export function Dropped() {
  const names = useSyncExternalStore(hear, dropped);
  if (names.length === 0) return null;
  return (
    <p className="notice" role="status">
      The address said {names.map((name) => `“${name}”`).join(", ")} in a way that is not known here; it was left out.{" "}
      <button className="quiet" onClick={forget}>
        Close
      </button>
    </p>
  );
}
