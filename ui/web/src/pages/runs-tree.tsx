import { Link } from "@tanstack/react-router";
import type { RunDetail, RunNode } from "../api/runs";
import { units } from "../lib/decimal";
import { duration, took } from "../lib/duration";
import { count, exact, whole } from "../lib/format";
import { useView } from "../ui/house";
import { marks, unrated } from "./runs-rows";
import { Span } from "./runs-span";

/** The run, the runs below it and their steps: own costs add up to the whole. */
export function RunTree({ d }: { d: RunDetail }) {
  const { view, change } = useView();
  const [from, to] = [d.whole.first ?? "", d.whole.last ?? ""];
  return (
    <section className="card">
      <div className="title">
        <h2>Where it went</h2>
        <span className="soft">own costs add up to the whole; time runs from the first call to the last</span>
      </div>
      <div className="scroll tree" tabIndex={0} role="region" aria-label="Runs and steps">
        <table>
          <thead>
            <tr>
              {["Run or step", "Time", "Duration", "Calls", "Marks", "Own cost", "With all below"].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {inOrder(d.nodes).map(({ node, depth }) => (
              <tr key={node.id} className={String(node.id) === view.node ? "chosen" : undefined}>
                <th scope="row" className={`depth d${Math.min(depth, 8)}`}>
                  {node.step ? (
                    <button
                      aria-pressed={String(node.id) === view.node}
                      onClick={() => change({ node: String(node.id) === view.node ? undefined : String(node.id) })}
                    >
                      step {node.step}
                    </button>
                  ) : node.id === 0 ? (
                    <button
                      aria-pressed={view.node === "0"}
                      onClick={() => change({ node: view.node === "0" ? undefined : "0" })}
                    >
                      {node.run}
                    </button>
                  ) : (
                    <Link to="/runs" search={(old) => ({ ...old, run: node.run, node: undefined })}>
                      {node.run}
                    </Link>
                  )}
                </th>
                <td className="time">
                  <Span from={from} to={to} start={node.all.first} end={node.all.last} tone={node.step ? "c5" : "c1"} />
                </td>
                <td>{duration(took(node.all.first, node.all.last))}</td>
                <td>{count(units(String(node.all.calls)))}</td>
                <td>{marks(node.all)}</td>
                <td title={exact(node.own.cost, d.meta.currency)} data-own={node.own.cost ?? ""}>
                  {costOf(node.own, d.meta.currency)}
                </td>
                <td title={exact(node.all.cost, d.meta.currency)}>{costOf(node.all, d.meta.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Whole run</th>
              <td />
              <td>{duration(took(from, to))}</td>
              <td>{count(units(String(d.whole.calls)))}</td>
              <td />
              <td data-exact={d.whole.cost ?? ""}>{costOf(d.whole, d.meta.currency)}</td>
              <td>{costOf(d.whole, d.meta.currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}

// A node without a line of its own costs nothing of its own: that is no unknown price.
const costOf = (f: RunNode["own"], currency: string): string => {
  if (f.cost === null && unrated(f)) return "no rate";
  return f.cost === null && f.unpriced_calls === 0 ? "\u2013" : whole(f.cost, currency);
};

// inOrder puts every node behind the one that it belongs to.
function inOrder(nodes: RunNode[]): { node: RunNode; depth: number }[] {
  const below = new Map<number, RunNode[]>();
  for (const node of nodes) below.set(node.parent, [...(below.get(node.parent) ?? []), node]);
  const found: { node: RunNode; depth: number }[] = [];
  const walk = (parent: number, depth: number): void =>
    (below.get(parent) ?? [])
      .slice()
      .sort((a, b) => ((a.all.first ?? "") < (b.all.first ?? "") ? -1 : 1))
      .forEach((node) => {
        found.push({ node, depth });
        walk(node.id, depth + 1);
      });
  walk(-1, 0);
  return found;
}
