// The calendar year 2026, as a server tells it, for tests.

import type { Beginnings } from "./window";

const firsts = (year: number, every: number): string[] =>
  Array.from({ length: 12 / every }, (_, i) => `${year}-${String(1 + i * every).padStart(2, "0")}-01`);

export const YEAR: Beginnings = {
  months: [...firsts(2025, 1), ...firsts(2026, 1)],
  quarters: [...firsts(2025, 3), ...firsts(2026, 3)],
  years: [...firsts(2025, 12), ...firsts(2026, 12)],
};
