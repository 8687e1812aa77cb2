import type { Answer } from "../api/client";
import { units } from "../lib/decimal";
import { exact, headline } from "../lib/format";
import { Delta, Tile } from "./tile";

/** What was spent, against the window before. */
export function SpendTile({ answer: { total, meta } }: { answer: Answer }) {
  const { currency } = meta;
  const [cost, before] = [units(total.cost), units(total.previous?.cost)];
  return (
    <Tile
      title="Spend"
      value={headline(cost, currency)}
      exact={exact(total.cost, currency)}
      note={
        before === null ? (
          "not compared"
        ) : (
          <>
            <Delta now={cost} before={before} /> from {headline(before, currency)}
          </>
        )
      }
    />
  );
}
