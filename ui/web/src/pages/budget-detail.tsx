import { Link } from "@tanstack/react-router";
import type { Course, Standing } from "../api/budget";
import { units } from "../lib/decimal";
import { plus } from "../lib/time";
import { Facts } from "../ui/detail";
import { figureOf } from "./budget-figure";
import { CourseChart } from "./budget-course";
import { CourseSteps } from "./budget-steps";
import { scopeFilter, scopeText } from "./scope";

/** One window of a budget: what it counts, what was refused, and how to change it. */
export function BudgetDetail({ standing: s, course, at }: { standing: Standing; course?: Course; at: string }) {
  const filter = scopeFilter(s.scope, s.each);
  const range = s.from && s.to ? `${s.from.slice(0, 10)}..${plus(s.to.slice(0, 10), -1)}` : "";
  const amount = (text: string) => figureOf(s, units(text));
  return (
    <>
      <p>{s.says}.</p>
      {course && <CourseChart course={course} at={at} />}
      {course && <CourseSteps course={course} />}
      <Facts
        facts={[
          ["Whose calls", scopeText(s.scope, s.each)],
          ["Limit", amount(s.limit)],
          ["Booked, exposure included", amount(s.booked)],
          ["Ended, not booked yet", amount(s.settled)],
          ["Open calls, at the most", amount(s.held)],
          ["Left", amount(s.left)],
          ["Calls of unknown amount", s.unknown ? String(s.unknown) : ""],
          ["Thresholds reached", s.reached.map((one) => `${one}%`.replace(/^forecast (.*)/, "$1 expected")).join(", ")],
          ["Resets", s.resets ?? (s.rolls ? `bit by bit, over rolling ${s.rolls}` : "never")],
          ["Owner", s.owner ?? ""],
          ["Refused since the server started", String(s.refused)],
          ...Object.entries(s.refused_by_workflow ?? {}).map(([name, n]): [string, string] => [
            `Refused of ${name || "no workflow"}`,
            String(n),
          ]),
        ]}
      />
      {filter !== null && range && (
        <p>
          <Link className="quiet" to="/explore" search={() => ({ range, g: "workflow", ...(filter && { f: filter }) })}>
            Show what was spent in it
          </Link>
        </p>
      )}
      <p className="soft">Change it in its file, then apply that:</p>
      <pre tabIndex={0}>{yamlOf(s)}</pre>
    </>
  );
}

function yamlOf(s: Standing): string {
  return `# in the file that declares ${s.budget}
budgets:
  - id: ${s.budget}
    amount: ${s.limit}        # the new limit${s.currency ? `\n    currency: ${s.currency}` : ""}
    at_limit: ${s.at_limit}

bursar apply -f budgets.yaml --dry-run
bursar apply -f budgets.yaml`;
}
