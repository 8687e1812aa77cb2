import { isCancelledError } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { wordsOf } from "./said";

/** Says what failed and what to do, in the place of what is missing. */
export function Trouble({ fault, again }: { fault: Fault; again: () => void }) {
  const cause: unknown = fault;
  if (isCancelledError(cause)) return <Stopped again={again} />;
  const { what, next } = wordsOf(fault);
  return (
    <div className="trouble" role="alert">
      <b>{what}</b>
      {next && <p>{next}</p>}
      {fault.request && (
        <p className="soft">
          Request <code>{fault.request}</code>
        </p>
      )}
      {fault.status !== 403 && (
        <button className="control" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

// Stopped stands where an answer would, which nobody waited for.
function Stopped({ again }: { again: () => void }) {
  return (
    <div className="trouble" role="status">
      <b>You stopped this question.</b>
      <p>Ask again, or choose a shorter range first.</p>
      <button className="control" onClick={again}>
        Ask again
      </button>
    </div>
  );
}
