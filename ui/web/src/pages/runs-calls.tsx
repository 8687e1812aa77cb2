import { useState } from "react";
import type { RunDetail, RunLine } from "../api/runs";
import { units } from "../lib/decimal";
import { duration, took } from "../lib/duration";
import { count, exact, whole } from "../lib/format";
import { useView } from "../ui/house";
import { CallDrawer, costOf } from "./runs-call";
import { Span } from "./runs-span";

/** Each call of a run in time: lines and the rest add up to the whole. */
export function RunCalls({ d }: { d: RunDetail }) {
  const { view, change } = useView();
  const [open, setOpen] = useState<RunLine | null>(null);
  const node = view.node ? d.nodes[Number(view.node)] : undefined;
  const lines = node ? d.lines.filter((line) => line.node === node.id) : d.lines;
  const currency = d.meta.currency;
  const [from, to] = [d.whole.first ?? "", d.whole.last ?? ""];
  return (
    <section className="card">
      <div className="title">
        <h2>{node ? `Calls of ${node.step ? `step ${node.step}` : `${node.run} outside of its steps`}` : "Calls"}</h2>
        <span className="soft">pale: until the first token</span>
        {node && (
          <button className="quiet" onClick={() => change({ node: undefined })}>
            Show all calls
          </button>
        )}
      </div>
      <div className="scroll calls" tabIndex={0} role="region" aria-label="Calls">
        <table>
          <thead>
            <tr>
              {["Call", "Step", "Time", "Duration", "Status", "Prompt", "Cached", "Completion", "Cost"].map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((line, i) => (
              <tr key={`${line.attempt.join()} ${i}`}>
                <th scope="row">
                  <button onClick={() => setOpen(line)}>{line.model || line.kind || line.category}</button>
                </th>
                <td>{d.nodes[line.node]?.step || "\u2013"}</td>
                <td className="time">
                  <Span
                    from={from}
                    to={to}
                    start={line.started_at ?? line.used_at}
                    wait={line.first_token_at}
                    end={line.ended_at ?? (line.open ? undefined : line.used_at)}
                    tone={line.open ? "c8" : "c1"}
                  />
                </td>
                <td>{duration(took(line.started_at, line.ended_at))}</td>
                <td>{line.open ? "open" : line.status || line.category}</td>
                <td>{count(units(String(line.prompt_tokens)))}</td>
                <td>{count(units(String(line.cached_tokens)))}</td>
                <td>{count(units(String(line.completion_tokens)))}</td>
                <td title={exact(line.cost, currency)} data-cost={line.cost ?? ""}>
                  {line.open ? "open" : costOf(line, currency)}
                </td>
              </tr>
            ))}
            {!node && d.rest.lines > 0 && (
              <tr className="soft">
                <th scope="row">{count(units(String(d.rest.lines)))} more lines</th>
                <td colSpan={7} />
                <td data-cost={d.rest.cost ?? ""}>{whole(d.rest.cost, currency)}</td>
              </tr>
            )}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{node ? "This part" : "Whole run"}</th>
              <td colSpan={7} />
              <td>{whole(node ? node.own.cost : d.whole.cost, currency)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <CallDrawer line={open} currency={currency} close={() => setOpen(null)} />
    </section>
  );
}
