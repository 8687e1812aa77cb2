import type { ReactNode } from "react";
import { change } from "../lib/format";

/** A headline figure, with what it is set against. */
export function Tile(p: { title: string; value: string; note: ReactNode; exact?: string }) {
  return (
    <section className="card tile" title={p.exact}>
      <h2>{p.title}</h2>
      <p className="value">{p.value}</p>
      <p className="note">{p.note}</p>
    </section>
  );
}

/** A change with an arrow: more spend is marked as more, not as bad. */
export function Delta({ now, before, plain }: { now: bigint | null; before: bigint | null; plain?: boolean }) {
  const c = change(now, before);
  const tone = plain || c.direction === 0 ? "flat" : c.direction > 0 ? "up" : "down";
  return <span className={tone}>{c.text}</span>;
}
