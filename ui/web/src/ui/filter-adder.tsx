import { Popover } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState, type FormEvent, type KeyboardEvent } from "react";
import type { Fault } from "../api/client";
import { getValues, type Values } from "../api/frame";
import { asWhere, type Condition } from "../lib/filter";
import { DIMENSIONS } from "../lib/view";
import { useView } from "./house";
import { ValueList } from "./value-list";

/** Adds a condition: values are searched on the server, and several may be chosen. */
export function FilterAdder({ conditions, add }: { conditions: Condition[]; add: (added: Condition) => void }) {
  const list = useId();
  const [dimension, setDimension] = useState<string>("team");
  const [not, setNot] = useState(false);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string[]>([]);
  const [opened, setOpened] = useState(false);
  const [at, setAt] = useState(-1); // the value that the arrows are at
  const others = conditions.filter((c) => c.dimension !== dimension).map(asWhere);
  const known = useValues(dimension, text, others, opened);
  const items = known.data?.items ?? [];
  const typed = text !== "" && !items.some((item) => item.value === text) ? [text] : [];
  const start = (next: string): void => {
    setDimension(next);
    setChosen([]);
    setAt(-1);
  };
  const toggle = (value: string): void =>
    setChosen((now) => (now.includes(value) ? now.filter((one) => one !== value) : [...now, value]));
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    const values = chosen.length > 0 ? chosen : text !== "" ? [text] : [];
    if (values.length === 0) return setOpened(true);
    add({ dimension, values, not });
    setText("");
    setChosen([]);
    setAt(-1);
    setOpened(false);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setOpened(true);
      setAt(Math.max(-1, Math.min(at + step, items.length - 1)));
    } else if (event.key === "Enter" && opened && items[at]) {
      event.preventDefault();
      toggle(items[at].value);
    } else if (event.key === "Escape" && opened) setOpened(false);
  };
  return (
    <form onSubmit={submit} onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpened(false)}>
      <select aria-label="Filter by" value={dimension} onChange={(e) => start(e.target.value)}>
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
      <Popover opened={opened} onChange={setOpened} position="bottom-end" withinPortal={false} withRoles={false}>
        <Popover.Target>
          <input
            id="filter"
            role="combobox"
            aria-label="Value"
            aria-expanded={opened}
            aria-controls={opened ? list : undefined}
            aria-activedescendant={opened && items[at] ? `${list}-${at}` : undefined}
            aria-autocomplete="list"
            autoComplete="off"
            placeholder={chosen.length > 0 ? `${chosen.length} chosen` : "Filter by a value"}
            value={text}
            onFocus={() => setOpened(true)}
            onClick={() => setOpened(true)}
            onKeyDown={press}
            onChange={(e) => {
              setText(e.target.value);
              setAt(-1);
              setOpened(true);
            }}
          />
        </Popover.Target>
        <Popover.Dropdown className="values" role="presentation">
          <ValueList id={list} known={known} items={items} at={at} chosen={chosen} toggle={toggle} typed={typed} />
        </Popover.Dropdown>
      </Popover>
      <button className="control">Add{chosen.length > 1 ? ` ${chosen.length}` : ""}</button>
    </form>
  );
}

// useValues searches a little after the last key, so that a word is one question.
function useValues(dimension: string, text: string, where: string[], enabled: boolean) {
  const { window: w } = useView();
  const [q, setQ] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setQ(text), 150);
    return () => clearTimeout(timer);
  }, [text]);
  const search = { q, since: w.since, until: w.until, where };
  return useQuery<Values, Fault>({
    queryKey: ["ledger", "values", dimension, search],
    queryFn: ({ signal }) => getValues(dimension, search, signal),
    enabled,
    placeholderData: (last, query) => (query?.queryKey[2] === dimension ? keepPreviousData(last) : undefined),
  });
}
