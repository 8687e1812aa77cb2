import type { ReactNode } from "react";
import { scopeText } from "../pages/scope";
import { useHouse } from "./house";

/** Says to who may read a part of the organisation what is not shown, and whom to ask; to others nothing. */
export function Beyond({ children }: { children: ReactNode }) {
  const { whole, within } = useHouse().session;
  if (whole) return null;
  const part = Object.keys(within).length > 0 ? scopeText(within) : "a part of the organisation";
  return (
    <p className="notice">
      Your role shows {part}. {children} Finance or an administrator of Bursar sees the rest: ask them.
    </p>
  );
}
