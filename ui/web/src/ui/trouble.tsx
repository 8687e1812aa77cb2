import type { Fault } from "../api/client";

/** Says what failed and what to do, in the place of what is missing. */
export function Trouble({ fault, again }: { fault: Fault; again: () => void }) {
  return (
    <div className="trouble" role="alert">
      <b>{fault.message}</b>
      {fault.hint && <p>{fault.hint}</p>}
      {fault.request && (
        <p className="soft">
          Request <code>{fault.request}</code>
        </p>
      )}
      <button className="control" onClick={again}>
        Try again
      </button>
    </div>
  );
}
