import type { Answer } from "../api/client";
import { units } from "./decimal";
import { money } from "./format";

/** Writes what calls without a known cost may come to, what no rate converts in its own currency. */
export function exposureOf({ meta, total }: Pick<Answer, "meta" | "total">): string {
  const converted = { amount: total.exposure, currency: meta.currency };
  const parts = [
    ...(units(total.exposure) || total.exposure_left.length === 0 ? [converted] : []),
    ...total.exposure_left,
  ];
  return parts.map((m) => money(units(m.amount), m.currency)).join(" and ");
}
