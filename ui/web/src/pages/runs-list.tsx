import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import { getRuns, runsAddress, type Run, type RunList as Page, type RunQuestion } from "../api/runs";
import { asWhere, readFilter } from "../lib/filter";
import { units } from "../lib/decimal";
import { count, exact, money } from "../lib/format";
import { useView, useZone } from "../ui/house";
import { Trouble } from "../ui/trouble";
import { TrustStrip } from "../ui/trust-strip";
import { RunsExport } from "./runs-export";
import { RunRows } from "./runs-rows";
import { Waiting } from "./waiting";
import { Wider } from "../ui/wider";

const ORDERS = ["start", "cost", "calls", "steps", "duration"];
const EVER = "2000-01-01"; // without a start the server looks at 30 days

/** Every run of a window, the latest or the largest first. */
export function RunList() {
  const { view, window: w, change } = useView();
  const zone = useZone();
  const wanted = view.sort?.replace("-", "") ?? "start";
  const order = ORDERS.includes(wanted) ? wanted : "start";
  const where = readFilter(view.f ?? "").map(asWhere);
  const question: RunQuestion = {
    since: w.since || EVER,
    ...(w.until && { until: w.until }),
    order,
    ...(where.length > 0 && { where }),
    ...(view.cur && { currency: view.cur }),
  };
  const asked = useInfiniteQuery<Page, Fault, { pages: Page[] }, unknown[], string>({
    queryKey: ["ledger", "runs", question],
    queryFn: ({ pageParam, signal }) => getRuns(question, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });
  const head = asked.data?.pages[0];
  if (asked.error && !head) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  if (!head) return <p role="status">Reading the ledger…</p>;
  if (!head.meta.last_event_at) return <Waiting />;
  const runs = once((asked.data?.pages ?? []).flatMap((page) => page.items));
  const all = head.total.values.runs;
  return (
    <>
      <div className="head">
        <h1>Runs</h1>
        <p className="soft">
          {w.text}; figures are of the calls in this window, times in {zone}
        </p>
        <RunsExport name="runs" json={runsAddress(question)} csv={csvOf(runs)} command={commandOf(question)} />
      </div>
      <TrustStrip answer={head} />
      {asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {runs.length === 0 ? (
        <p className="notice">
          No run in {w.text} matches. A run is a name on its calls: the header <code>x-bursar-run</code>, or the field{" "}
          <code>run</code> of an event. <Wider />
        </p>
      ) : (
        <section className={asked.isPlaceholderData ? "card busy" : "card"}>
          <div className="title">
            <h2>{order === "start" ? "Latest runs" : `Runs by ${order}`}</h2>
            <span className="soft">
              {runs.length} of {count(units(all))} shown; the total is of all
            </span>
            {asked.hasNextPage && (
              <button className="quiet" onClick={() => void asked.fetchNextPage()} disabled={asked.isFetchingNextPage}>
                {asked.isFetchingNextPage ? "Reading…" : "Show more"}
              </button>
            )}
          </div>
          <RunRows
            key={JSON.stringify(question)}
            runs={runs}
            order={order}
            sort={(id) => change({ sort: `-${id}` })}
            zone={zone}
            currency={head.meta.currency}
            more={() => asked.hasNextPage && !asked.isFetchingNextPage && void asked.fetchNextPage()}
            foot={
              <tr>
                <th scope="row">Total of {count(units(all))}</th>
                <td colSpan={6} />
                <td>{count(units(String(head.total.calls)))}</td>
                <td />
                <td title={exact(head.total.cost, head.meta.currency)} data-exact={head.total.cost ?? ""}>
                  {money(units(head.total.cost), head.meta.currency)}
                </td>
                <td />
              </tr>
            }
          />
        </section>
      )}
    </>
  );
}

// once drops a run that grew while pages were read and so came twice.
const once = (runs: Run[]): Run[] => [...new Map(runs.map((run) => [run.run, run])).values()];

function csvOf(runs: Run[]): string[][] {
  const names = ["run", "parent_run", "first", "last", "workflow", "agent", "team", "application", "trigger"] as const;
  const figures = ["calls", "steps", "failed", "unpriced_calls", "open_calls", "prompt_tokens"] as const;
  const ends = ["completion_tokens", "cost", "exposure", "outcome_state"] as const;
  const columns = [...names, ...figures, ...ends];
  return [columns.slice(), ...runs.map((run) => columns.map((column) => String(run[column] ?? "")))];
}

function commandOf({ where = [], ...rest }: RunQuestion): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  const flags = Object.entries(rest).map(([name, value]) => `--${name} ${value}`);
  return ["bursar run list", ...flags, ...where.map((one) => `--where ${quote(one)}`)].join(" ");
}
