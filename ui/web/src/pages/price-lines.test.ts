import { expect, test } from "vitest";
import type { Price } from "../api/keeping";
import { inForce, knownOf, linesOf } from "./price-lines";

const fact = (more: Partial<Price>): Price => ({ sku: "m", meter: "in_text", price: "5", per: 1_000_000, ...more });
const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

test("a promotion beats the list while it holds, and what was revoked is not drawn", () => {
  const list = fact({ valid_from: "2026-07-01T00:00:00Z" });
  const span = { valid_from: "2026-08-01T00:00:00Z", valid_to: "2026-09-01T00:00:00Z" };
  const promo = fact({ ...span, price: "2", layer: "promo" });
  const revoked = fact({ price: "9", valid_from: "2026-09-01T00:00:00Z", known_to: "2026-08-10T00:00:00Z" });
  const all = knownOf({ seller: "s", model: "m", prices: [list, promo, revoked] });
  expect(all).toEqual([list, promo]);
  expect(inForce(all, at("2026-08-15"))).toEqual([promo]);
  expect(inForce(all, at("2026-09-01"))).toEqual([list]);
  const [line] = linesOf(all, "", at("2026-10-01"));
  expect(line?.steps.map((s) => [s.from, s.price, s.promotion])).toEqual([
    [at("2026-07-01"), "5", false],
    [at("2026-08-01"), "2", true],
    [at("2026-09-01"), "5", false],
  ]);
});

test("a price of another condition or unit is no part of a line", () => {
  const all = [fact({ conditions: "tier batch" }), fact({ meter: "web_search", per: 1000 })];
  expect(linesOf(all, "", at("2026-10-01"))).toEqual([]);
  expect(linesOf(all, "tier batch", at("2026-10-01"))).toHaveLength(1);
});
