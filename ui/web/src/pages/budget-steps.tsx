import type { Course } from "../api/budget";
import { units } from "../lib/decimal";
import { dayOf, moment, short } from "../lib/time";
import { useHouse } from "../ui/house";
import { Listing } from "../ui/listing";
import { figureOf } from "./budget-figure";

type Step = Course["steps"][number];

/** The figures of a window's curve, the newest first. */
export function CourseSteps({ course: c }: { course: Course }) {
  const { session } = useHouse();
  const name = (step: Step): string =>
    c.step === "hour"
      ? (moment(step.from, session.zone).split(", ")[1] ?? "")
      : short(dayOf(Date.parse(step.from), session.zone));
  const figure = (text: string) => <span title={`${text} ${c.currency ?? c.counts}`}>{figureOf(c, units(text))}</span>;
  return (
    <details className="course-steps">
      <summary>View as table</summary>
      <Listing<Step>
        label={`Use by ${c.step}`}
        lines={c.steps.toReversed()}
        idOf={(step) => step.from}
        none=""
        fields={[
          { name: c.step === "hour" ? "Hour" : "Day", show: name },
          { name: "Used", figure: true, show: (step) => figure(step.used) },
          { name: "So far", figure: true, show: (step) => figure(step.so_far) },
        ]}
      />
    </details>
  );
}
