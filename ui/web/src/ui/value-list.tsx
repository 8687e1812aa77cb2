import { useEffect, useRef } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import type { Values } from "../api/frame";
import { units } from "../lib/decimal";
import { exact, money } from "../lib/format";
import { said } from "./said";

interface Props {
  id: string;
  known: UseQueryResult<Values, Fault>;
  items: Values["items"];
  at: number;
  chosen: string[];
  typed: string[]; // what is typed and no value is
  toggle: (value: string) => void;
}

/** Values to choose from, those with most spend first, beside what they cost in the window. */
export function ValueList({ id, known, items, at, chosen, typed, toggle }: Props) {
  const place = useRef<HTMLUListElement>(null);
  useEffect(() => {
    place.current?.querySelector(".at")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const currency = known.data?.currency ?? "";
  const note = known.error
    ? said(known.error)
    : !known.data
      ? "Searching…"
      : items.length === 0
        ? "No value in this window holds this text."
        : known.data.more
          ? "These have most spend; type a part of a name to find others."
          : "";
  return (
    <>
      <ul id={id} ref={place} role="listbox" aria-label="Values" aria-multiselectable="true">
        {items.map((item, i) => (
          <li
            key={item.value}
            id={`${id}-${i}`}
            role="option"
            className={i === at ? "at" : undefined}
            aria-selected={chosen.includes(item.value)}
            onMouseDown={(event) => event.preventDefault()} // the text keeps the focus
            onClick={() => toggle(item.value)}
          >
            <i className="tick" aria-hidden="true" />
            <span>{item.value || "(none)"}</span>
            <span className="soft" title={exact(item.cost, currency)}>
              {money(units(item.cost), currency)}
            </span>
          </li>
        ))}
      </ul>
      <p className="soft" role="status">
        {note} {typed.length > 0 && chosen.length === 0 && `Enter filters by “${typed[0]}” as it is typed. `}
        {items.length > 0 && "Arrows and Enter choose, Add filters."}
      </p>
    </>
  );
}
