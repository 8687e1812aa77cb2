import { Link } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import type { Answer, Meta } from "../api/client";
import { units } from "../lib/decimal";
import { exposureOf } from "../lib/exposure";
import { count, money, percent } from "../lib/format";
import { age, moment } from "../lib/time";
import { useHouse, useZone } from "./house";

const FINALITY: Record<Meta["finality"], string> = {
  live: "events still happen in this window",
  provisional: "what comes late, or is corrected, changes them",
  final: "posted in periods that are closed",
  restated: "corrected after its periods were closed",
};

/** Says what must be known before a figure is believed; each item leads to what is behind it. */
export function TrustStrip({ answer, of }: { answer: Pick<Answer, "meta" | "total">; of?: string }) {
  const { meta, total } = answer;
  const unpriced = meta.unpriced[0];
  return (
    <ul className="strip" aria-label="What the figures rest on">
      {of && <li className="soft">{of}</li>}
      <Freshness meta={meta} />
      <Item title={FINALITY[meta.finality]} to="/bill">
        Finality <b>{meta.finality}</b>
        {meta.final_through && <span className="soft">to {meta.final_through}</span>}
      </Item>
      <Item title="share of spend from usage that was estimated" to="/quality">
        Estimated <b>{share(meta.estimated.share)}</b>
      </Item>
      <Item title="calls without a price; outside every total" to="/quality" hash="unpriced">
        <i className={unpriced ? "dot warn" : "dot ok"} />
        Unpriced <b>{unpriced ? calls(unpriced.lines) : "none"}</b>
      </Item>
      <Item title="what calls without a known cost may come to; outside every total" to="/quality" hash="unpriced">
        Exposure up to <b>{exposureOf({ meta, total })}</b>
      </Item>
      <Item title="share of spend without a team" to="/quality" hash="unattributed">
        Unattributed <b>{share(meta.unallocated.share)}</b>
      </Item>
      <More answer={answer} />
    </ul>
  );
}

function More({ answer: { meta, total } }: { answer: Pick<Answer, "meta" | "total"> }) {
  const waits = total.unconverted.map((m) => money(units(m.amount), m.currency)).join(", ");
  return (
    <>
      {total.open_calls > 0 && (
        <Item title="calls that have begun and are not settled">
          Open <b>{calls(total.open_calls)}</b>
        </Item>
      )}
      {total.unconverted_lines > 0 && (
        <Item title="amounts in a currency without an exchange rate; outside every total">
          <i className="dot warn" />
          Unconverted <b>{waits || `${total.unconverted_lines} lines`}</b>
        </Item>
      )}
      {meta.fx && (
        <Item title={`converted by the rate of the ${meta.fx.basis}`}>
          Exchange rates to <b>{meta.fx.as_of.slice(0, 10)}</b>
        </Item>
      )}
      {meta.demo && (
        <li className="end">
          <span className="badge">Demo data</span>
        </li>
      )}
    </>
  );
}

interface ItemProps {
  title: string;
  to?: "/quality" | "/bill"; // the page that says what is behind it
  hash?: string;
  children: ReactNode;
}

const Item = ({ title, to, hash, children }: ItemProps) => (
  <li title={title}>
    {to ? (
      <Link to={to} hash={hash} search={(old) => ({ ...old, sort: undefined, run: undefined, saved: undefined })}>
        {children}
      </Link>
    ) : (
      children
    )}
  </li>
);

const calls = (n: number): string => `${count(units(String(n)))} ${n === 1 ? "call" : "calls"}`;

const share = (text: string | null | undefined): string => percent(units(text));

// Freshness counts by itself, so that nothing else is drawn each second.
function Freshness({ meta }: { meta: Meta }) {
  const { hears, now } = useHouse();
  const zone = useZone();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  if (!meta.last_event_at) return <li>no event yet</li>;
  const old = now() - Date.parse(meta.last_event_at);
  const tone = old < 60_000 ? "ok" : old < 300_000 ? "warn" : "crit";
  return (
    <li title={`${moment(meta.last_event_at, zone)}, ${zone}`}>
      <i className={`dot ${tone}`} />
      {hears ? "Live, last event" : "Last event"} <b>{age(old)}</b>
    </li>
  );
}
