import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Fault } from "../api/client";
import { getRun, type RunDetail, type RunLine } from "../api/runs";
import { units } from "../lib/decimal";
import { duration, moment, took } from "../lib/duration";
import { count, exact, headline, percent, whole } from "../lib/format";
import { useView, useZone } from "../ui/house";
import { nameOf } from "../ui/series";
import { Tile } from "../ui/tile";
import { Trouble } from "../ui/trouble";
import { TrustStrip } from "../ui/trust-strip";
import { RunCalls } from "./runs-calls";
import { RunsExport } from "./runs-export";
import { tokens, unrated } from "./runs-rows";
import { RunTree } from "./runs-tree";

/** One run to the last digit. */
export function RunPage({ run }: { run: string }) {
  const zone = useZone();
  const currency = useView().view.cur ?? "";
  const asked = useQuery<RunDetail, Fault>({
    queryKey: ["ledger", "run", run, currency],
    queryFn: ({ signal }) => getRun(run, currency, signal),
    placeholderData: keepPreviousData,
  });
  if (asked.error) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <p role="status">Reading the ledger…</p>;
  const d = asked.data;
  const about = [
    d.run.workflow && nameOf(d.run.workflow, "workflow"),
    d.run.agents > 1 ? `${d.run.agents} agents` : d.run.agent,
    d.run.team,
    d.run.trigger && `started by ${d.run.trigger}`,
    moment(d.whole.first, zone),
    "the whole run, whatever the range",
  ];
  return (
    <div className={asked.isPlaceholderData ? "one busy" : "one"}>
      <div className="head">
        <h1>
          <Link to="/runs" search={(old) => ({ ...old, run: undefined, node: undefined })}>
            Runs
          </Link>{" "}
          / <span>{d.run.run}</span>
        </h1>
        <p className="soft">{about.filter(Boolean).join(" \u00b7 ")}</p>
        <RunsExport
          name="run"
          json={`/api/v1/runs/${encodeURIComponent(run)}${currency && `?currency=${currency}`}`}
          csv={csvOf(d)}
          command={`bursar run show '${run.replaceAll("'", "'\\''")}'${currency && ` --currency ${currency}`}`}
        />
      </div>
      <TrustStrip answer={d} />
      {d.run.parent_run && (
        <p className="soft">
          Part of{" "}
          <Link to="/runs" search={(old) => ({ ...old, run: d.run.parent_run, node: undefined })}>
            {d.run.parent_run}
          </Link>
        </p>
      )}
      {d.cut && (
        <p className="notice">
          Only the first {d.nodes.filter((n) => !n.step).length} runs of this tree are shown; the others are in no
          figure here.
        </p>
      )}
      <Tiles d={d} />
      <RunTree d={d} />
      <RunCalls d={d} />
    </div>
  );
}

function Tiles({ d: { run, whole: all, nodes, meta } }: { d: RunDetail }) {
  const below = nodes.filter((n) => n.step === "").length - 1;
  const cached = BigInt(all.cached_tokens);
  const prompt = BigInt(all.prompt_tokens);
  return (
    <div className="tiles">
      <Tile
        title="Cost"
        value={headline(units(all.cost), meta.currency)}
        exact={exact(all.cost, meta.currency)}
        note={
          all.cost === null && unrated(all)
            ? "no exchange rate of its days"
            : below > 0
              ? `${whole(run.cost, meta.currency)} without runs below`
              : whole(all.cost, meta.currency)
        }
      />
      <Tile
        title="Calls"
        value={count(units(String(all.calls)))}
        note={[
          all.failed > 0 ? `${all.failed} failed` : "none failed",
          all.open_calls > 0 && `${all.open_calls} open`,
          all.unpriced_calls > 0 && `${all.unpriced_calls} unpriced`,
        ]
          .filter(Boolean)
          .join(", ")}
      />
      <Tile
        title="Tokens"
        value={tokens(all)}
        exact={`${all.prompt_tokens} prompt, ${all.cached_tokens} of them cached, ${all.completion_tokens} completion`}
        note={prompt > 0n ? `${percent((cached * 10n ** 12n) / prompt)} of prompt tokens cached` : "no prompt tokens"}
      />
      <Tile
        title="Duration"
        value={duration(took(all.first, all.last))}
        note={below > 0 ? `${below} ${below === 1 ? "run" : "runs"} below, ${run.steps} steps` : `${run.steps} steps`}
      />
      <Tile
        title="Outcome"
        value={run.outcome_state || "\u2013"}
        note={run.outcome_state ? "the best that names this run" : "none names this run"}
      />
    </div>
  );
}

function csvOf(d: RunDetail): string[][] {
  const columns = [
    "kind",
    "category",
    "seller",
    "model",
    "agent",
    "status",
    "price_state",
    "usage_source",
    "price_book",
    "facts",
    "started_at",
    "first_token_at",
    "ended_at",
    "calls",
    "prompt_tokens",
    "cached_tokens",
    "completion_tokens",
    "cost",
    "exposure",
    "list",
    "list_currency",
  ] as const satisfies (keyof RunLine)[];
  return [
    ["run", "step", ...columns],
    ...d.lines.map((line) => [
      d.nodes[line.node]?.run ?? "",
      d.nodes[line.node]?.step ?? "",
      ...columns.map((column) => String(line[column] ?? "")),
    ]),
  ];
}
