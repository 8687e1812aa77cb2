import { useState, type FormEvent } from "react";
import { readFilter, writeFilter } from "../lib/filter";
import { DIMENSIONS } from "../lib/view";
import { useSpend, useView } from "./house";

/** Shows the conditions in force, and adds and removes them. */
export function FilterBar() {
  const { view, change } = useView();
  const conditions = readFilter(view.f ?? "");
  const keep = (left: typeof conditions): void => change({ f: left.length > 0 ? writeFilter(left) : undefined });
  return (
    <div className="filters">
      {conditions.map((c, i) => (
        <button className="chip" key={writeFilter([c])} onClick={() => keep(conditions.filter((_, at) => at !== i))}>
          {c.dimension.replace("_", " ")} {c.not ? "is not" : "is"}{" "}
          <b>{c.values.map((v) => v || "(none)").join(" or ")}</b>
          <span aria-hidden="true">×</span>
          <span className="hidden">, remove</span>
        </button>
      ))}
      <Adder add={(dimension, value, not) => keep([...conditions, { dimension, values: [value], not }])} />
    </div>
  );
}

function Adder({ add }: { add: (dimension: string, value: string, not: boolean) => void }) {
  const [dimension, setDimension] = useState<string>("team");
  const [not, setNot] = useState(false);
  const [value, setValue] = useState("");
  const known = useSpend({ by: dimension, measures: "cost", top: "50" });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!value) return;
    add(dimension, value, not);
    setValue("");
  };
  return (
    <form onSubmit={submit}>
      <select aria-label="Filter by" value={dimension} onChange={(e) => setDimension(e.target.value)}>
        {DIMENSIONS.map((d) => (
          <option key={d} value={d}>
            {d.replace("_", " ")}
          </option>
        ))}
      </select>
      <select aria-label="Condition" value={not ? "not" : "is"} onChange={(e) => setNot(e.target.value === "not")}>
        <option value="is">is</option>
        <option value="not">is not</option>
      </select>
      <input
        id="filter"
        aria-label="Value"
        placeholder="Filter by a value"
        list="values"
        value={value}
        onChange={(e) => setValue(e.target.value)}
      />
      <datalist id="values">
        {known.data?.rows
          .map((row) => row.keys[dimension])
          .filter(Boolean)
          .map((key) => (
            <option key={key} value={key} />
          ))}
      </datalist>
      <button className="control">Add</button>
    </form>
  );
}
