import type { Standing } from "../api/budget";
import { units } from "../lib/decimal";
import { exact, money } from "../lib/format";
import { figureOf } from "./budget-figure";

/** A figure in a budget's own unit, and under it by the exchange rate of today. */
export function Both({ s, own, beside }: { s: Standing; own: bigint | null; beside: string | undefined }) {
  const to = s.converted?.currency ?? "";
  return (
    <>
      {figureOf(s, own)}
      {beside !== undefined && to !== s.currency && (
        <span className="soft under" title={`${exact(beside, to)}, by the exchange rate of today`}>
          {money(units(beside), to)}
        </span>
      )}
    </>
  );
}
