import type { Outcomes } from "../api/client";
import { units } from "../lib/decimal";
import { count, percent } from "../lib/format";
import { Tile } from "../ui/tile";

/** Whether what became cheaper also became worse: the same figures of both windows. */
export function Quality({ now, before }: { now: Outcomes; before: Outcomes }) {
  const whole = (n: number): bigint | null => units(String(n));
  const minutes = (o: Outcomes): string => `${count(units(o.total.remediation_minutes))} min`;
  const linked = (o: Outcomes): string => percent(units(o.total.with_outcome_share));
  return (
    <div className="tiles">
      <Tile
        title="Results that count"
        value={count(units(now.total.outcomes))}
        note={`${count(units(before.total.outcomes))} before`}
      />
      <Tile
        title="Results taken back"
        value={count(whole(now.total.reversed))}
        note={`${before.total.reversed} before`}
      />
      <Tile title="Human repair" value={minutes(now)} note={`${minutes(before)} before`} />
      <Tile title="Spend with a result" value={linked(now)} note={`${linked(before)} before`} />
    </div>
  );
}
