import { useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getValues, type Values } from "../api/frame";
import { asWhere, readFilter, widen, writeFilter, type Condition } from "../lib/filter";
import { FilterAdder } from "./filter-adder";
import { useView } from "./house";

/** Shows the conditions in force, and adds and removes them; where they have no effect it says why. */
export function FilterBar({ off }: { off: string }) {
  const { view, change } = useView();
  const conditions = readFilter(view.f ?? "");
  const keep = (left: Condition[]): void => change({ f: left.length > 0 ? writeFilter(left) : undefined });
  return (
    <div className="filters">
      {conditions.map((c, i) => (
        <Chip
          key={writeFilter([c])}
          condition={c}
          off={off}
          remove={() => keep(conditions.filter((_, at) => at !== i))}
        />
      ))}
      {conditions.length > 1 && (
        <button className="quiet" onClick={() => keep([])}>
          Remove all
        </button>
      )}
      {off ? (
        <p className="soft">{off}</p>
      ) : (
        <FilterAdder conditions={conditions} add={(added) => keep(widen(conditions, added))} />
      )}
    </div>
  );
}

function Chip({ condition: c, off, remove }: { condition: Condition; off: string; remove: () => void }) {
  const missing = useMissing(c, !off);
  const name = (value: string): string => value || "(none)";
  const why = missing.length > 0 ? `no call in this window has ${missing.map(name).join(" or ")}` : "";
  const tone = off ? "chip off" : missing.length > 0 ? "chip odd" : "chip";
  return (
    <button className={tone} title={off || why} onClick={remove}>
      {c.dimension.replace("_", " ")} {c.not ? "is not" : "is"} <b>{c.values.map(name).join(" or ")}</b>
      {why && <span className="hidden">, {why}</span>}
      <span aria-hidden="true">×</span>
      <span className="hidden">, remove</span>
    </button>
  );
}

// useMissing gives the values of a condition that no line of the window has.
function useMissing(c: Condition, enabled: boolean): string[] {
  const { window: w } = useView();
  const search = { q: "", since: w.since, until: w.until, where: [asWhere({ ...c, not: false })] };
  const asked = useQuery<Values, Fault>({
    queryKey: ["ledger", "values", c.dimension, search],
    queryFn: ({ signal }) => getValues(c.dimension, search, signal),
    enabled,
  });
  if (!asked.data || asked.data.more) return [];
  const there = new Set(asked.data.items.map((item) => item.value));
  return c.values.filter((value) => !there.has(value));
}
