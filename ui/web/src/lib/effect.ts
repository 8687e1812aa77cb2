// Where range, comparison and filter have an effect. A page that is not here follows all.

import type { View } from "./view";

/** Why a part of the frame has no effect on a page; "" when it has. */
export interface Effects {
  range: string;
  compare: string;
  filter: string;
}

const none = (why: string): Effects => ({ range: why, compare: why, filter: why });

const PAGES: Record<string, Partial<Effects>> = {
  "/budgets": none("Budgets stand here as they are now, whatever range and filter say."),
  "/alerts": none("Notices stand here whatever range and filter say."),
  "/quality": none("Range, comparison and filter have no effect here."),
  "/settings": none("Settings are those of the organisation, whatever range and filter say."),
  "/adoption": { compare: "People are counted, and not compared." },
  "/forecast": { compare: "Days to come are compared with what was foretold." },
  "/runs": { compare: "Runs are listed, and not compared." },
  "/outcomes": { filter: "Results are those of whole workflows: filters have no effect here." },
};

/** Says what of the frame has no effect on a page, and why. */
export function effectsOf(path: string, view: View): Effects {
  if (path === "/runs" && view.run) return none("One run is shown whole, whatever range and filter say.");
  return { range: "", compare: "", filter: "", ...PAGES[path] };
}
