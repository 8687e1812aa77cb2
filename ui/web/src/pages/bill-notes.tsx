import type { ReactNode } from "react";
import type { Answer, Explained } from "../api/client";
import { HEADLINES } from "./bill-effects";

/** Warns of windows whose figures may still move. */
export function Unsettled({ answers, names }: { answers: (Answer | undefined)[]; names: string[] }) {
  const open = names.filter((_, i) => ["live", "provisional"].includes(answers[i]?.meta.finality ?? ""));
  if (open.length === 0) return null;
  return <p className="notice">May still change, for the invoice is not in: {open.join(" and ")}.</p>;
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
