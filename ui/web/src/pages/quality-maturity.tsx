import type { Source } from "../api/keeping";
import { units } from "../lib/decimal";
import { count, money } from "../lib/format";

type Part = Source["final"];

const calls = (n: number): string => (n === 1 ? "1 call" : `${count(units(String(n)))} calls`);

/** A part of what a source told: its cost, with its calls and what is in no cost behind it. */
export function PartOf({ part, currency }: { part: Part; currency: string }) {
  if (part.calls === 0) return <>{"\u2013"}</>;
  return <span title={inWords(part)}>{part.cost === null ? "unpriced" : money(units(part.cost), currency)}</span>;
}

const inWords = (part: Part): string =>
  calls(part.calls) + (part.unknown_calls ? `, ${count(units(String(part.unknown_calls)))} of them in no cost` : "");

/** The last day up to which nothing of a source changes. */
export function Through({ of: { final_through, final } }: { of: Source }) {
  if (final_through === null) return <span title="no finance month in which it told something is closed">not yet</span>;
  return <span title={`${calls(final.calls)} can change no more`}>{final_through}</span>;
}

/** Calls that are charged as another source tells them. */
export function Duplicates({ of }: { of: Source }) {
  if (of.duplicates === 0) return <>{"\u2013"}</>;
  return <span title={`charged by ${chargedBy(of)}`}>{count(units(String(of.duplicates)))}</span>;
}

const chargedBy = (of: Source): string =>
  of.duplicates_charged_by.map((c) => `${c.source || "(no name)"}: ${calls(c.calls)}`).join(", ");

/** What of a source is final, and what of it is charged elsewhere, for its detail. */
export function maturityFacts(of: Source, currency: string): [string, string][] {
  const shown = (part: Part): string => {
    if (part.calls === 0) return "none";
    return `${part.cost === null ? "unpriced" : money(units(part.cost), currency)}, ${inWords(part)}`;
  };
  return [
    ["Final through", of.final_through ?? "not yet"],
    ["Final", shown(of.final)],
    ["May change", shown(of.provisional)],
    ["Estimated by a tokenizer", shown(of.estimated)],
    ["Duplicates, charged elsewhere", of.duplicates ? `${calls(of.duplicates)}, by ${chargedBy(of)}` : "none"],
    ["Came again since the server started", of.repeats ? count(units(String(of.repeats))) : "none"],
  ];
}
