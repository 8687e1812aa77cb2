// What needs somebody, from what is known.

import type { BudgetList, Notice, Standing } from "../api/budget";
import type { Answer, Pulse } from "../api/client";
import type { Finding } from "../api/keeping";
import { ONE, units } from "../lib/decimal";
import { count, money, percent } from "../lib/format";
import { paceOf } from "../lib/pace";
import { long } from "../lib/time";
import type { View } from "../lib/view";
import { nameOf } from "../ui/series";
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
}

interface Known {
  answer: Answer;
  budgets: BudgetList | undefined;
  lost: Notice[];
  broken: Finding[];
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

// gaps are what the figures of this page lack.
function gaps({ meta, total }: Answer): Matter[] {
  const found: Matter[] = [];
  const unpriced = meta.unpriced[0];
  if (unpriced)
    found.push({
      tone: "warn",
      title:
        unpriced.lines === 1 ? "1 call has no price" : `${count(units(String(unpriced.lines)))} calls have no price`,
      text: "Kept out of every total; they may come to this.",
      money: money(units(total.exposure), meta.currency),
      per: "at most",
      to: "/quality",
      search: {},
    });
  if (total.unconverted_lines > 0)
    found.push({
      tone: "warn",
      title: "Amounts without an exchange rate",
      text: `${count(units(String(total.unconverted_lines)))} lines are in no total until a rate comes.`,
      money: total.unconverted.map((m) => money(units(m.amount), m.currency)).join(", "),
      to: "/quality",
      search: {},
    });
  const nobody = units(meta.unallocated.amount) ?? 0n;
  if (nobody > 0n)
    found.push({
      tone: "soft",
      title: "Spend that no team owns",
      text: `${percent(units(meta.unallocated.share))} of the spend of this window.`,
      money: money(nobody, meta.currency),
      to: "/explore",
      search: { f: "team:", g: "application", m: undefined },
    });
  return found;
}
