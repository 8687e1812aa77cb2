import { useEffect, type ReactNode } from "react";
import type { Fault } from "../api/client";
import { Trouble } from "./trouble";

/** A heading of a listing, and how a line shows it. */
export interface Field<T> {
  name: string;
  show: (line: T) => ReactNode;
  figure?: true; // it stands at the right
}

interface Asked<T> {
  data: T | undefined;
  error: Fault | null;
  refetch: () => unknown;
}

/** A card with a title; what fails inside it leaves the others as they are. */
export function Panel<T>(p: {
  title: string;
  note?: ReactNode;
  end?: ReactNode;
  asked: Asked<T>;
  show: (data: T) => ReactNode;
}) {
  const id = p.title.toLowerCase().replaceAll(" ", "-");
  useEffect(() => {
    if (location.hash === `#${id}`) document.getElementById(id)?.scrollIntoView({ block: "start" }); // a link leads here
  }, [id]);
  return (
    <section className="card panel" id={id}>
      <div className="title">
        <h2>{p.title}</h2>
        <span className="soft">{p.note}</span>
        {p.end}
      </div>
      {p.asked.error && <Trouble fault={p.asked.error} again={() => void p.asked.refetch()} />}
      {!p.asked.error && p.asked.data === undefined && <p className="soft inset">Reading…</p>}
      {!p.asked.error && p.asked.data !== undefined && p.show(p.asked.data)}
    </section>
  );
}

/** Lines in the server's order; the first field heads its line. */
export function Listing<T>(p: {
  label: string;
  fields: Field<T>[];
  lines: T[];
  idOf: (line: T) => string;
  none: ReactNode;
  open?: (line: T) => void; // shows what stands behind a line
}) {
  const { open } = p;
  if (p.lines.length === 0) return <p className="soft inset">{p.none}</p>;
  const [first, ...others] = p.fields;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={p.label}>
      <table className={open ? "listing opens" : "listing"}>
        <thead>
          <tr>
            {p.fields.map((f) => (
              <th scope="col" key={f.name} className={f.figure && "figure"}>
                {f.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {p.lines.map((line) => (
            <tr key={p.idOf(line)}>
              <th scope="row">
                {open ? <button onClick={() => open(line)}>{first?.show(line)}</button> : first?.show(line)}
              </th>
              {others.map((f) => (
                <td key={f.name} className={f.figure && "figure"}>
                  {f.show(line)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
