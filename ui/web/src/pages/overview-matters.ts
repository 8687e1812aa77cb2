// What needs somebody, from what is known.

import type { BudgetList, Notice, Standing } from "../api/budget";
import type { Answer, Pulse } from "../api/client";
import type { Finding, Poller, Source } from "../api/keeping";
import { ONE, units } from "../lib/decimal";
import { count, money, percent } from "../lib/format";
import { paceOf } from "../lib/pace";
import { long } from "../lib/time";
import type { View } from "../lib/view";
import { nameOf } from "../ui/series";
import { gaps, silences, unfetched } from "./overview-gaps";
import { scopeText } from "./scope";

/** One thing that needs somebody. */
export interface Matter {
  tone: "crit" | "warn" | "soft";
  title: string;
  text: string;
  money?: string;
  per?: string;
  to: "/budgets" | "/alerts" | "/runs" | "/quality" | "/explore" | "/settings";
  search: Partial<View>;
  hash?: string; // the part of the page
}

interface Known {
  answer: Answer;
  budgets: BudgetList | undefined;
  lost: Notice[];
  broken: Finding[];
  silent: Source[];
  unfetched: Poller[];
  pulse: Pulse | undefined;
  usual: Map<string, number>; // calls of a run at p50, by agent
  hears: boolean;
}

const RUNAWAY = 10; // times the calls of half of the agent's runs, in one minute
const FEW = 20; // calls a minute that are no runaway, whatever is usual

/** Names everything that needs somebody, the gravest first. */
export function attentionOf(known: Known): Matter[] {
  const all = [
    ...runaways(known.pulse, known.usual),
    ...(known.budgets ? limits(known.budgets) : []),
    ...known.broken.map((f): Matter => ({ tone: "crit", title: f.name, text: f.msg, to: "/quality", search: {} })),
    ...undelivered(known.lost),
    ...silences(known.silent),
    ...unfetched(known.unfetched),
    ...gaps(known.answer),
  ];
  const order = { crit: 0, warn: 1, soft: 2 };
  return all.sort((a, b) => order[a.tone] - order[b.tone]);
}

/** The runs of this minute whose calls are many times those of a whole run of their agent. */
export function runaways(pulse: Pulse | undefined, usual: Map<string, number>): Matter[] {
  const found = (pulse?.runs ?? []).filter((run) => {
    const half = usual.get(run.scope.agent ?? "");
    return half !== undefined && run.calls_minute >= FEW && run.calls_minute > RUNAWAY * Math.max(1, half);
  });
  return found.map((run) => ({
    tone: "crit",
    title: `${nameOf(run.scope.agent ?? "", "agent")} may run away`,
    text: `${run.calls_minute} calls in a minute in one run; half of its runs take ${usual.get(run.scope.agent ?? "")} or fewer in all.`,
    money: money(units(run.cost_minute), pulse?.currency ?? ""),
    per: "a minute",
    to: "/runs",
    search: { run: run.run },
  }));
}

function limits({ items, at }: BudgetList): Matter[] {
  const figure = (s: Standing, u: bigint): string => (s.currency ? money(u, s.currency) : `${count(u)} ${s.counts}`);
  return items.flatMap((s): Matter[] => {
    const pace = paceOf(s, at);
    const limit = units(s.limit) ?? 0n;
    const whose = `${percent(pace.share)} of ${figure(s, limit)}; ${scopeText(s.scope, s.each)}.`;
    const over = pace.used - limit;
    const name = [s.budget, ...Object.entries(s.each ?? {}).map(([by, value]) => nameOf(value, by))].join(", ");
    if (pace.share >= ONE)
      return [
        {
          tone: "crit",
          title: over > 0n ? `${name} is over its limit` : `${name} has reached its limit`,
          text: `${whose} At the limit: ${s.at_limit}.`,
          money: over > 0n ? `+${figure(s, over)}` : figure(s, 0n),
          to: "/budgets",
          search: {},
        },
      ];
    if (!pace.full) return [];
    return [
      {
        tone: "warn",
        title: `${name} is full on ${long(pace.full.slice(0, 10))}`,
        text: `${whose} At an even pace.`,
        money: figure(s, limit - pace.used),
        per: "left",
        to: "/budgets",
        search: {},
      },
    ];
  });
}

function undelivered(lost: Notice[]): Matter[] {
  const [first] = lost;
  if (!first) return [];
  const others = lost.length > 1 ? ` and ${lost.length - 1} more` : "";
  const why = first.why ? `: ${first.why}` : "";
  const title = lost.length === 1 ? "An alert reached nobody" : `${lost.length} alerts reached nobody`;
  return [
    { tone: "warn", title, text: `${first.title}${others}${why}.`, to: "/alerts", search: { state: "given_up" } },
  ];
}
