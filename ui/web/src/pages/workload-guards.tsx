import { Link } from "@tanstack/react-router";
import type { Workload } from "../api/client";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { State, Used } from "./workload-parts";

/** The budgets that name a workflow or agent, as they stand now. */
export function Guards({ one, known }: { one: Workload | undefined; known: boolean }) {
  const budgets = one?.budgets ?? [];
  return (
    <section className="card">
      <div className="title">
        <h2>Guardrails in force</h2>
        <span className="soft">budgets that name it, whatever the range above</span>
        <Link className="quiet" to="/budgets" search={(old) => ({ ...old, sort: undefined })}>
          All budgets
        </Link>
      </div>
      {!known && <p className="inset soft">Reading…</p>}
      {known && budgets.length === 0 && (
        <p className="inset soft">
          None. A budget names it in its scope: <code>docs/budgets.md</code>.
        </p>
      )}
      <ul className="guards">
        {budgets.map((b) => {
          const figure = (text: string) =>
            b.currency ? money(units(text), b.currency) : `${count(units(text))} ${b.counts}`;
          return (
            <li key={[b.budget, ...Object.values(b.each ?? {})].join()}>
              <p>
                <b>{b.budget}</b> <State budget={b} />
              </p>
              <p className="soft">
                <Used budget={b} /> of {figure(b.limit)}; {figure(b.left)} left; at the limit: {b.at_limit}
              </p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
