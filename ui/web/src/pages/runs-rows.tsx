import { Link } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import type { Run } from "../api/runs";
import { units } from "../lib/decimal";
import { duration, moment, took } from "../lib/duration";
import { count, exact, money } from "../lib/format";
import { nameOf } from "../ui/series";

const HEIGHT = 33; // of a row, in pixels
const SHOWN = 40; // rows that are drawn at once

interface Props {
  runs: Run[];
  order: string;
  sort: (order: string) => void;
  zone: string;
  currency: string;
  foot: ReactNode;
  more: () => void; // asks for the runs behind the last one
}

const HEADS = [
  ["", "Run"],
  ["start", "Start"],
  ["", "Workflow"],
  ["", "Agent"],
  ["", "Outcome"],
  ["duration", "Duration"],
  ["steps", "Steps"],
  ["calls", "Calls"],
  ["", "Tokens"],
  ["cost", "Cost"],
  ["", "Marks"],
] as const;

/** The rows of many runs, of which those in sight are drawn. */
export function RunRows({ runs, order, sort, zone, currency, foot, more }: Props) {
  const [first, setFirst] = useState(0);
  const near = useRef(0);
  const scrolled = (place: HTMLElement): void => {
    setFirst(Math.max(0, Math.floor(place.scrollTop / HEIGHT) - 10));
    const left = place.scrollHeight - place.scrollTop - place.clientHeight;
    if (left < 10 * HEIGHT && near.current !== runs.length) {
      near.current = runs.length;
      more();
    }
  };
  const from = Math.min(first, Math.max(0, runs.length - SHOWN));
  const shown = runs.slice(from, from + SHOWN);
  const gap = (rows: number, key: string): ReactNode =>
    rows > 0 && (
      <tr key={key} aria-hidden="true" className="gap">
        <td colSpan={HEADS.length} style={{ height: rows * HEIGHT }} />
      </tr>
    );
  return (
    <div
      className="scroll runs"
      tabIndex={0}
      role="region"
      aria-label="Runs"
      onScroll={(e) => scrolled(e.currentTarget)}
    >
      <table aria-rowcount={runs.length + 2}>
        <thead>
          <tr>
            {HEADS.map(([id, name]) => (
              <th scope="col" key={name} aria-sort={id && id === order ? "descending" : undefined}>
                {id ? (
                  <button onClick={() => sort(id)}>
                    {name}
                    {id === order && <span aria-hidden="true"> {"\u2193"}</span>}
                  </button>
                ) : (
                  name
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {gap(from, "above")}
          {shown.map((run, i) => (
            <tr key={run.run} aria-rowindex={from + i + 2}>
              <th scope="row">
                <Link
                  to="/runs"
                  search={(old) => ({ ...old, run: run.run, sort: undefined })}
                  title={run.run}
                  className="clip"
                >
                  {run.run}
                </Link>
              </th>
              <td>{moment(run.first, zone)}</td>
              <td className="name">{nameOf(run.workflow, "workflow")}</td>
              <td className="name">{run.agents > 1 ? `${run.agents} agents` : nameOf(run.agent, "agent")}</td>
              <td>{run.outcome_state || "\u2013"}</td>
              <td>{duration(took(run.first, run.last))}</td>
              <td>{count(units(String(run.steps)))}</td>
              <td>{count(units(String(run.calls)))}</td>
              <td title={`${run.prompt_tokens} prompt, ${run.completion_tokens} completion`}>{tokens(run)}</td>
              <td title={exact(run.cost, currency)} data-exact={run.cost ?? ""}>
                {run.cost === null && unrated(run) ? "no rate" : money(units(run.cost), currency)}
              </td>
              <td>{marks(run)}</td>
            </tr>
          ))}
          {gap(runs.length - from - shown.length, "below")}
        </tbody>
        <tfoot>{foot}</tfoot>
      </table>
    </div>
  );
}

/** Counts the tokens of a run. */
export const tokens = (f: { prompt_tokens: number; completion_tokens: number }): string =>
  count(units(String(f.prompt_tokens + f.completion_tokens)));

/** Says that calls are priced, and of days without an exchange rate. */
export const unrated = (f: Pick<Run, "unconverted_calls">): boolean => f.unconverted_calls > 0;

/** Says what must be known of a run's cost. */
export function marks(
  f: Pick<Run, "failed" | "unpriced_calls" | "unconverted_calls" | "open_calls" | "estimated">,
): string {
  const found = [
    f.open_calls > 0 && `${f.open_calls} open`,
    f.failed > 0 && `${f.failed} failed`,
    f.unpriced_calls > 0 && `${f.unpriced_calls} unpriced`,
    unrated(f) && `${f.unconverted_calls} without a rate`,
    units(f.estimated) !== 0n && "\u2248 estimated",
  ];
  return found.filter(Boolean).join(", ") || "\u2013";
}
