import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Pulse } from "../api/client";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { nameOf } from "../ui/series";

type Kind = "workflow" | "agent";

const NAMED = 20; // runs that a pulse names

interface Shown {
  pulse: Pulse;
  only?: { dimension: Kind; key: string };
}

const within = <T extends { scope: { workflow?: string; agent?: string } }>(rows: T[], only: Shown["only"]): T[] =>
  rows.filter((row) => !only || (row.scope[only.dimension] ?? "") === only.key);

/** Says how many runs a pulse names. */
export const runsNow = (pulse: Pulse | undefined): string =>
  pulse ? `${pulse.runs.length}${pulse.runs.length >= NAMED ? " or more" : ""}` : "\u2013";

/** What runs in this minute, the dearest first. */
export function Burning({ pulse, only }: Shown) {
  const rows = within(pulse.rows, only);
  if (rows.length === 0) return <p className="inset soft">No call in the last minute.</p>;
  const heads = ["Agent", "Workflow", "Calls a minute", "Failed", "Unpriced", "Burn a minute"];
  return (
    <Table label="Burning now" heads={heads}>
      {rows.map(({ scope, ...row }) => (
        <tr key={`${scope.agent ?? ""}\u0000${scope.workflow ?? ""}`}>
          <th scope="row">
            <To kind="agent" name={scope.agent ?? ""} />
          </th>
          <td>
            <To kind="workflow" name={scope.workflow ?? ""} />
          </td>
          <td>{count(units(String(row.calls_minute)))}</td>
          <td>{count(units(String(row.failed_minute)))}</td>
          <td>{count(units(String(row.unpriced_minute)))}</td>
          <td data-exact={row.cost_minute}>{money(units(row.cost_minute), pulse.currency)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** The dearest runs of this minute; each leads to the whole run. */
export function RunningNow({ pulse, only }: Shown) {
  const rows = within(pulse.runs, only);
  if (rows.length === 0) return <p className="inset soft">No run in the last minute.</p>;
  return (
    <Table label="Runs of this minute" heads={["Run", "Agent", "Calls", "Burn"]}>
      {rows.map((row) => (
        <tr key={row.run}>
          <th scope="row">
            <Link className="mono" to="/runs" search={(old) => ({ ...old, run: row.run, sort: undefined })}>
              {row.run}
            </Link>
          </th>
          <td>{nameOf(row.scope.agent ?? "", "agent")}</td>
          <td>{count(units(String(row.calls_minute)))}</td>
          <td data-exact={row.cost_minute}>{money(units(row.cost_minute), pulse.currency)}</td>
        </tr>
      ))}
    </Table>
  );
}

function To({ kind, name }: { kind: Kind; name: string }) {
  if (name === "") return <>{nameOf("", kind)}</>;
  return (
    <Link to={kind === "agent" ? "/agents/$name" : "/workflows/$name"} params={{ name }} search={(old) => old}>
      {name}
    </Link>
  );
}

function Table({ label, heads, children }: { label: string; heads: string[]; children: ReactNode }) {
  return (
    <div className="scroll now" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
