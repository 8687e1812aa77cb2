// What a history of prices draws: for each meter the price of every stretch of time.

import type { Price, PriceHistory } from "../api/keeping";

/** A price that held for a while. */
export interface Step {
  from: number;
  to: number;
  price: string;
  promotion: boolean;
}

export interface Line {
  meter: string;
  name: string;
  steps: Step[];
}

const NAMES: Record<string, string> = {
  in_text: "input",
  out_text: "output",
  cache_read: "cached input",
  cache_write_5m: "cache write, 5 min",
  cache_write_1h: "cache write, 1 h",
  cache_write_other: "cache write",
  out_reasoning: "reasoning",
};

/** A meter as a person calls it. */
export const meterName = (meter: string): string => NAMES[meter] ?? meter.replaceAll("_", " ");

/** Conditions as a person reads them. */
export const conditionName = (text: string): string =>
  text === ""
    ? "standard"
    : text
        .replaceAll("|", ", ")
        .replace(/^tier /, "")
        .replaceAll("prompt >", "prompt above ");

const LAYERS = ["list", "promo", "contract", "override"];
const strength = (p: Price): number => LAYERS.indexOf(p.layer ?? "list");

/** Prices that the book knows now: a name that pointed elsewhere and what was revoked are left out. */
export const knownOf = (h: PriceHistory): Price[] => h.prices.filter((p) => p.per && p.price !== null && !p.known_to);

const start = (p: Price): number => (p.valid_from ? Date.parse(p.valid_from) : 0);
const end = (p: Price): number => (p.valid_to ? Date.parse(p.valid_to) : Infinity);

/** The prices that are in force at an instant; of one meter and condition the strongest layer. */
export function inForce(all: Price[], at: number): Price[] {
  const best = new Map<string, Price>();
  for (const p of all) {
    const key = `${p.sku}\n${p.meter ?? ""}\n${p.conditions ?? ""}`;
    const other = best.get(key);
    if (start(p) <= at && at < end(p) && (!other || strength(p) > strength(other))) best.set(key, p);
  }
  return [...best.values()];
}

/** Lines of the prices per one million under one condition, meter by meter. */
export function linesOf(all: Price[], conditions: string, now: number): Line[] {
  const own = all.filter((p) => (p.conditions ?? "") === conditions && p.per === 1_000_000);
  const first = Math.min(...own.map(start).filter((at) => at > 0), now - 86_400_000 * 90);
  return [...new Set(own.map((p) => p.meter ?? ""))].map((meter) => {
    const mine = own.filter((p) => p.meter === meter);
    const cuts = [...new Set(mine.flatMap((p) => [Math.max(start(p), first), Math.min(end(p), now)]))];
    cuts.sort((a, b) => a - b);
    const steps: Step[] = [];
    cuts.slice(0, -1).forEach((from, i) => {
      const [held] = inForce(mine, from);
      const to = cuts[i + 1] ?? now;
      if (held?.price && to > from) steps.push({ from, to, price: held.price, promotion: held.layer === "promo" });
    });
    return { meter, name: meterName(meter), steps };
  });
}
