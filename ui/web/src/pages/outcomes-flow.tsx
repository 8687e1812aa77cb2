import type { Outcomes } from "../api/client";
import { ONE, units } from "../lib/decimal";
import { count, exact, headline, percent } from "../lib/format";

/** Where the money of a window went: to runs with a result that stands, or to others. */
export function Flow({ outcomes: { total, meta } }: { outcomes: Outcomes }) {
  const cost = units(total.cost);
  const share = (text: string | null | undefined): bigint => {
    const u = units(text);
    return u === null || !cost ? 0n : (u * ONE) / cost;
  };
  const steps = [
    { name: "All spend", runs: total.runs, text: total.cost, tone: "sum" },
    {
      name: "In runs with a result that stands",
      runs: total.runs_with_outcome,
      text: total.with_outcome,
      tone: "linked",
    },
    {
      name: "Without one, or in no run",
      runs: total.runs - total.runs_with_outcome,
      text: total.orphan,
      tone: "orphan",
    },
  ];
  return (
    <ul className="flow">
      {steps.map((step) => (
        <li key={step.name}>
          <span>{step.name}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect className="track" width={100} height={10} />
            <rect className={step.tone} width={Number(share(step.text) / 10n ** 8n) / 100} height={10} />
          </svg>
          <b title={exact(step.text, meta.currency)} data-exact={step.text}>
            {headline(units(step.text), meta.currency)}
          </b>
          <span className="soft">{percent(share(step.text))}</span>
          <span className="soft">{count(units(String(step.runs)))} runs</span>
        </li>
      ))}
    </ul>
  );
}
