import { Popover } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { plus, span } from "../lib/time";

interface Props {
  id: string;
  label: string;
  value: string; // one of the choices, or days like 2026-11-01..2026-11-23
  choices: Record<string, string>;
  from: string; // days that the form begins with
  to: string;
  last: string; // the latest day that there is
  off?: string; // why it has no effect here; "" when it has
  set: (value: string) => void;
}

const OWN = "own";

/** Chooses days by name, or days of one's own. */
export function PeriodSelect(p: Props) {
  const [asks, setAsks] = useState(false);
  const named = p.value in p.choices;
  const choose = (value: string): void => (value === OWN ? setAsks(true) : p.set(value));
  return (
    <Popover
      opened={asks}
      onChange={setAsks}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal={false}
      withRoles={false}
    >
      <Popover.Target>
        <select
          id={p.id}
          aria-label={p.label}
          value={p.value}
          disabled={Boolean(p.off)}
          title={p.off}
          onChange={(e) => choose(e.target.value)}
        >
          {Object.entries(p.choices).map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          {!named && <option value={p.value}>{inWords(p.label, p.value)}</option>}
          <option value={OWN}>{named ? "own dates…" : "other dates…"}</option>
        </select>
      </Popover.Target>
      <Popover.Dropdown className="own-dates">
        <Dates {...p} done={() => setAsks(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

const inWords = (label: string, value: string): string =>
  `${label === "Compare" ? "vs " : ""}${span(value.slice(0, 10), plus(value.slice(12), 1))}`;

function Dates({ label, from, to, last, set, done }: Props & { done: () => void }) {
  const [first, setFirst] = useState(from);
  const [end, setEnd] = useState(to);
  const wrong = first && end && first > end ? "The last day is before the first." : "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wrong) return;
    set(`${first}..${end}`);
    done();
  };
  const day = (name: string, value: string, keep: (value: string) => void) => (
    <label>
      {name}
      <input type="date" required value={value} max={last} onChange={(e) => keep(e.target.value)} />
    </label>
  );
  return (
    <form onSubmit={submit} aria-label={`${label}: own dates`}>
      {day("First day", first, setFirst)}
      {day("Last day", end, setEnd)}
      {wrong && (
        <p className="error" role="alert">
          {wrong}
        </p>
      )}
      <button className="control primary">Apply</button>
    </form>
  );
}
