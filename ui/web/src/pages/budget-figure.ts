// How figures of budgets are written.

import { units } from "../lib/decimal";
import { count, headline, money } from "../lib/format";

interface Unit {
  currency?: string;
  counts: string;
}

/** Writes a figure in a budget's unit. */
export const figureOf = (s: Unit, u: bigint | null): string =>
  s.currency ? money(u, s.currency) : `${count(u)} ${s.counts}`;

/** The same, short. */
export const shortOf = (s: Unit, u: bigint | null): string =>
  s.currency ? headline(u, s.currency) : `${count(u)} ${s.counts}`;

/** The same of a decimal text, short. */
export const shortText = (s: Unit, text: string): string => shortOf(s, units(text));
