import { Fault } from "../api/client";

/** Words why something did not work, and what to do. */
export const said = (fault: unknown): string =>
  fault instanceof Fault ? [fault.message, fault.hint].filter(Boolean).join(". ") : "this did not work; try again";
