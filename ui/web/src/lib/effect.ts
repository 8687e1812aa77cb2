// Where range, comparison, filter and currency have an effect. A page that is not here follows all.

import type { View } from "./view";

/** Why a part of the frame has no effect on a page; "" when it has. */
export interface Effects {
  range: string;
  compare: string;
  filter: string;
  currency: string;
}

const IN_BOOKS = "This page is in the currency of the books; Explore shows others.";

const none = (why: string): Partial<Effects> => ({ range: why, compare: why, filter: why });

const PAGES: Record<string, Partial<Effects>> = {
  "/budgets": none("Budgets stand here as they are now, whatever range and filter say."),
  "/alerts": none("Notices stand here whatever range and filter say."),
  "/quality": none("Range, comparison and filter have no effect here."),
  "/reconciliation": {
    compare: "Metered is compared with billed.",
    filter: "Bills are of whole accounts: filters have no effect here.",
  },
  "/settings": none("Settings are those of the organisation, whatever range and filter say."),
  "/adoption": { compare: "People are counted, and not compared." },
  "/forecast": { compare: "Days to come are compared with what was foretold." },
  "/runs": { compare: "Runs are listed, and not compared." },
  "/outcomes": { filter: "Results are those of whole workflows: filters have no effect here." },
};

/** Says what of the frame has no effect on a page, and why. */
export function effectsOf(path: string, view: View): Effects {
  const run = path === "/runs" && view.run ? none("One run is shown whole, whatever range and filter say.") : {};
  const currency = path === "/explore" ? "" : IN_BOOKS;
  const page = path.startsWith("/settings/") ? "/settings" : path;
  return { range: "", compare: "", filter: "", currency, ...PAGES[page], ...run };
}
