import type { Adoption } from "../api/adoption";
import { ONE, units } from "../lib/decimal";
import { count, exact, headline, percent } from "../lib/format";
import { Tile } from "../ui/tile";

const DASH = "\u2013";

/** A number of people; null is one that would tell of few. */
export const people = (n: number | null | undefined): string =>
  n === null || n === undefined ? DASH : count(units(String(n)));

/** The headline figures. They are not set against the days before: the difference could be one person. */
export function Tiles({ shown }: { shown: Adoption }) {
  const { seats, meta, minimum_group: least } = shown;
  const total = seats.total;
  const [idle, cost] = [units(total.idle_cost), units(total.cost)];
  const share = idle !== null && cost ? (idle * ONE) / cost : null;
  const untold = units(total.untold) ?? 0n;
  const few = `not said: fewer than ${least}`;
  const none = seats.rows.length === 0;
  return (
    <div className="tiles">
      <Tile
        title="People active"
        value={people(shown.active)}
        note={shown.known === null ? few : `of ${people(shown.known)} who are known`}
      />
      <Tile
        title="New in these days"
        value={people(shown.new)}
        note={shown.new === null ? (shown.few ? few : `it would tell of fewer than ${least}`) : "first call ever"}
      />
      <Tile
        title="Workflows a person uses"
        value={shown.active ? count(units(String(shown.workflows.median))) : DASH}
        note={shown.active ? "half of the people, or more" : "nobody is counted"}
      />
      <Tile
        title="Seats in use"
        value={count(units(total.active)).replace("unknown", DASH)}
        note={
          none
            ? "no seat is paid for"
            : total.assigned === null
              ? "on the last day: not said"
              : `of ${count(units(total.assigned))} on the last day`
        }
      />
      <Tile
        title="Idle seats cost"
        value={none ? DASH : idle === null ? "not told" : headline(idle, meta.currency)}
        note={
          none
            ? "no seat is paid for"
            : share === null
              ? "nobody says which are in use"
              : `${percent(share)} of seats${untold > 0n ? `; ${headline(untold, meta.currency)} not told` : ""}`
        }
        exact={idle === null ? undefined : exact(total.idle_cost, meta.currency)}
      />
    </div>
  );
}
