import type { ReactNode } from "react";
import type { Answer, Explained } from "../api/client";
import { nameOf } from "../ui/series";
import { HEADLINES } from "./bill-effects";

/** Warns of windows whose figures may still move. */
export function Unsettled({ answers, names }: { answers: (Answer | undefined)[]; names: string[] }) {
  const open = names.filter((_, i) => ["live", "provisional"].includes(answers[i]?.meta.finality ?? ""));
  if (open.length === 0) return null;
  return <p className="notice">May still change by what comes late or is corrected: {open.join(" and ")}.</p>;
}

/** Lists what no total holds. */
export function Beside({ explained: { periods } }: { explained: Explained }) {
  const left = periods.map((p) => p.unpriced_calls + p.unconverted_lines);
  if (left.every((n) => n === 0)) return null;
  const text = periods.map((p) => `${p.unpriced_calls} calls unpriced and ${p.unconverted_lines} lines unconverted`);
  return (
    <p className="soft">
      In no figure here: {text[0]} before, {text[1]} now.
    </p>
  );
}

/** Says whose calls their outcomes divide, and why those of others are one effect. */
export function Heads({ explained: { workflows, unsplit } }: { explained: Explained }) {
  const whole = workflows.filter((w) => !w.split);
  if (unsplit || whole.length === workflows.length)
    return (
      <p className="soft">Calls are one effect: {unsplit || "no workflow has outcomes and runs in both windows"}.</p>
    );
  return (
    <details className="soft">
      <summary>
        Calls are divided by outcomes and runs in {workflows.length - whole.length} of {workflows.length} workflows.
      </summary>
      <ul>
        {workflows.map((w) => (
          <li key={w.workflow}>
            {nameOf(w.workflow, "workflow")}:{" "}
            {w.split
              ? `${w.outcomes.join(" → ")} outcomes, ${w.runs.join(" → ")} runs, ${w.calls_in_runs.join(" → ")} calls in them`
              : `one effect, ${w.why}`}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Makes the reasons of the server's sentence lead to what they consist of. */
export function linked(sentence: string): ReactNode[] {
  const reason = new RegExp(`(\\S+ (?:more|less) by (?:${Object.keys(HEADLINES).join("|")}))`);
  return sentence.split(reason).map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <button
        key={part}
        onClick={() => {
          const row = document.getElementById(`effect-${part.split(" ").at(-1) ?? ""}`);
          row?.scrollIntoView({ block: "center" });
          row?.focus();
        }}
      >
        {part}
      </button>
    ),
  );
}
