import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getExplained, getOutcomes, type Explained, type Fault, type Outcomes } from "../api/client";
import { asWhere, readFilter } from "../lib/filter";
import { questionOf } from "../lib/view";
import { against } from "../lib/window";
import { AskedMenu, flagsOf } from "../ui/asked-menu";
import { boughtOf, useHouse, useOutcomes, useSpend, useView } from "../ui/house";
import { TrustStrip } from "../ui/trust-strip";
import { Trouble } from "../ui/trouble";
import "./bill.css";
import { toldOf } from "./bill-effects";
import { PriceIndex } from "./bill-index";
import { Matrix } from "./bill-matrix";
import { Beside, Heads, linked, Unsettled } from "./bill-notes";
import { Prices } from "./bill-prices";
import { Quality } from "./bill-quality";
import { EffectsTable } from "./bill-tables";
import { Waterfall } from "./bill-waterfall";
import { Waiting } from "./waiting";

const useExplained = (query: Parameters<typeof getExplained>[0], enabled: boolean) =>
  useQuery<Explained, Fault>({
    queryKey: ["ledger", "explain", query],
    queryFn: ({ signal }) => getExplained(query, signal),
    placeholderData: keepPreviousData,
    enabled,
  });

/** Why the bill moved, in effects that sum to the change. */
export default function Bill() {
  const { view, window: w, change } = useView();
  const { session } = useHouse();
  const before = against(w);
  const whole = before !== null;
  const where = readFilter(view.f ?? "").map(asWhere);
  const then = { since: before?.since ?? "", until: before?.until ?? "" };
  const base = {
    from: `${then.since}..${then.until}`,
    to: `${w.since}..${w.until}`,
    ...(where.length > 0 && { where }),
    ...(view.cur && { currency: view.cur }),
  };
  const query = { ...base, by: "workflow" };
  const asked = useExplained(query, whole);
  const byModel = { ...base, by: "model" };
  const models = useExplained(byModel, whole);
  const now = useSpend(questionOf(view, w, { measures: "cost" }));
  const spent = useSpend(questionOf(view, w, { ...then, measures: "cost" }), whole);
  const outcomes = useOutcomes(w);
  const earlier = useQuery<Outcomes, Fault>({
    queryKey: ["ledger", "outcomes", boughtOf(view, then)],
    queryFn: ({ signal }) => getOutcomes(boughtOf(view, then), signal),
    enabled: whole,
  });
  if (now.error) return <Trouble fault={now.error} again={() => void now.refetch()} />;
  if (!now.data) return <p role="status">Reading the ledger…</p>;
  if (!now.data.meta.last_event_at) return <Waiting />;
  const names: [string, string] = before ? [before.text, w.text] : ["", ""];
  const pick = (effect: string): void => {
    change({ sort: `-${effect}` });
    document.getElementById("by-workflow")?.scrollIntoView({ block: "start" });
  };
  const told = asked.data && whole ? toldOf(asked.data.total) : null;
  const exportsOf = (asked: typeof query, file: string) => ({
    path: "/api/v1/explain",
    query: asked,
    file,
    command: `bursar explain ${flagsOf(asked)}`,
    csv: true,
  });
  return (
    <>
      <div className="head">
        <h1>Bill explained</h1>
        <p className="soft">{whole ? `${names[1]} against ${names[0]}, ${session.zone}` : w.text}</p>
        {whole && <AskedMenu asked={exportsOf(query, "bill-explained")} />}
      </div>
      <TrustStrip answer={now.data} />
      {!whole && (
        <p className="notice">
          A bill is explained between two windows of complete days, and {w.text} has no window before it.{" "}
          <button className="quiet" onClick={() => change({ range: "30d" })}>
            Show 30 days against the 30 before
          </button>
        </p>
      )}
      {whole && <Unsettled answers={[spent.data, now.data]} names={names} />}
      {whole && asked.error && <Trouble fault={asked.error} again={() => void asked.refetch()} />}
      {asked.data && told && (
        <>
          <p className="sentence">{linked(asked.data.sentence)}</p>
          <Beside explained={asked.data} />
          <Heads explained={asked.data} />
          <section className={asked.isPlaceholderData ? "card busy" : "card"}>
            <div className="title">
              <h2>From one window to the next</h2>
              <span className="soft">the axis starts at zero, effects are to scale</span>
              <ul className="legend">
                {(["adds", "saves", "sum"] as const).map((tone) => (
                  <li key={tone}>
                    <i className={`swatch ${tone}`} />
                    {{ adds: "adds cost", saves: "saves cost", sum: "spend" }[tone]}
                  </li>
                ))}
                <li>
                  <span className="badge">Unexplained 0</span>
                </li>
              </ul>
            </div>
            <Waterfall told={told} currency={asked.data.currency} names={names} pick={pick} />
          </section>
          <section className="card">
            <div className="title">
              <h2>What each effect means</h2>
              <span className="soft">shown parts sum to the shown change</span>
            </div>
            <EffectsTable explained={asked.data} told={told} pick={pick} />
          </section>
          <section className="card" id="by-workflow">
            <div className="title">
              <h2>By workflow</h2>
              <span className="soft">
                each row adds up to its change; effects are sorted by size, and a column may be a cent off its total,
                while the CSV is exact
              </span>
            </div>
            <Matrix explained={asked.data} told={told} />
          </section>
          {models.data && <Prices explained={models.data} asked={exportsOf(byModel, "prices-explained")} />}
          {!view.f && <PriceIndex />}
          {!view.f && outcomes.data && earlier.data && <Quality now={outcomes.data} before={earlier.data} />}
        </>
      )}
      {whole && !asked.data && !asked.error && <p role="status">Explaining the change…</p>}
    </>
  );
}
