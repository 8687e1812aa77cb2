// Where range, comparison, filter and currency have an effect. A page that is not here follows all.

import type { View } from "./view";

/** Why a part of the frame has no effect on a page; "" when it has. */
export interface Effects {
  range: string;
  compare: string;
  filter: string;
  currency: string;
}

const inBooks = (why: string): string => `This page is in the currency of the books: ${why}.`;

const none = (why: string): Partial<Effects> => ({ range: why, compare: why, filter: why });

const PAGES: Record<string, Partial<Effects>> = {
  "/budgets": none("Budgets stand here as they are now, whatever range and filter say."),
  "/alerts": {
    ...none("Notices stand here whatever range and filter say."),
    currency: inBooks("notices were sent in their own"),
  },
  "/quality": {
    ...none("Range, comparison and filter have no effect here."),
    currency: inBooks("what is to be mended is mended there"),
  },
  "/reconciliation": {
    compare: "Metered is compared with billed.",
    filter: "Bills are of whole accounts: filters have no effect here.",
    currency: inBooks("a bill is set against what was metered in its own"),
  },
  "/settings": {
    ...none("Settings are those of the organisation, whatever range and filter say."),
    currency: inBooks("prices keep that of their bills"),
  },
  "/adoption": {
    compare: "People are counted, and not compared.",
    currency: inBooks("what groups of people spend is told in one alone"),
  },
  "/forecast": { compare: "Days to come are compared with what was foretold." },
  "/runs": { compare: "Runs are listed, and not compared." },
  "/outcomes": { filter: "Results are those of whole workflows: filters have no effect here." },
};

/** Says what of the frame has no effect on a page, and why. */
export function effectsOf(path: string, view: View): Effects {
  const run: Partial<Effects> =
    path === "/runs" && view.run ? none("One run is shown whole, whatever range and filter say.") : {};
  const page = path.startsWith("/settings/") ? "/settings" : path;
  return { range: "", compare: "", filter: "", currency: "", ...PAGES[page], ...run };
}
