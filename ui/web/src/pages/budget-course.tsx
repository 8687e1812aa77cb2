import type { Course } from "../api/budget";
import { pixels } from "../lib/decimal";
import { axis } from "../lib/format";
import { evenBy } from "../lib/pace";
import { dayOf, short } from "../lib/time";
import { useHouse } from "../ui/house";
import { shortOf, shortText } from "./budget-figure";

const WIDE = 400;
const HIGH = 110;

/** What a window has used by each step, an even pace to its limit, and what is expected at its end. */
export function CourseChart({ course: c, at }: { course: Course; at: string }) {
  const { session } = useHouse();
  const day = (text: string): string => short(dayOf(Date.parse(text), session.zone));
  const last = c.steps.at(-1);
  const [limit, used] = [pixels(c.limit) ?? 0, pixels(last?.so_far ?? "0") ?? 0];
  const ends = c.expected ? [c.expected.mean, c.expected.low, c.expected.high].map((text) => pixels(text)) : [];
  const top = Math.max(limit, used, ...ends.map((v) => v ?? 0), 1e-9) * 1.08;
  const [from, to] = [Date.parse(c.from), Date.parse(c.to)];
  const x = (instant: number): number => Math.round(((instant - from) / (to - from)) * WIDE * 10) / 10;
  const y = (value: number): number => Math.round((HIGH - (Math.max(0, value) / top) * HIGH) * 10) / 10;
  const now = Math.min(Date.parse(at), to);
  const points = c.steps.map((step, i) => {
    const end = Date.parse(c.steps[i + 1]?.from ?? at);
    return `${x(Math.min(end, to))},${y(pixels(step.so_far) ?? 0)}`;
  });
  const [mean, low, high] = ends;
  const isKnown = low !== null && low !== undefined && high !== null && high !== undefined;
  const text = textOf(c, at);
  return (
    <figure className="course">
      <div className="scale" aria-hidden="true">
        <span>{scaleOf(c, top)}</span>
        <span>{scaleOf(c, 0)}</span>
      </div>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={text.join("; ")}>
        <line x1={0} x2={WIDE} y1={HIGH} y2={HIGH} />
        {isKnown && <polygon points={`${x(now)},${y(used)} ${WIDE},${y(high)} ${WIDE},${y(low)}`} />}
        <line className="even" x1={0} x2={WIDE} y1={HIGH} y2={y(limit)} />
        <line
          className={used >= limit && limit > 0 ? "limit over" : "limit"}
          x1={0}
          x2={WIDE}
          y1={y(limit)}
          y2={y(limit)}
        />
        {mean !== null && mean !== undefined && (
          <line className="mean" x1={x(now)} x2={WIDE} y1={y(used)} y2={y(mean)} />
        )}
        <polyline points={[`0,${HIGH}`, ...points].join(" ")} />
      </svg>
      <div className="ends" aria-hidden="true">
        <span>{c.step === "hour" ? "0:00" : day(c.from)}</span>
        <span>{c.step === "hour" ? "24:00" : day(new Date(to - 1).toISOString())}</span>
      </div>
      <figcaption className="soft">
        <b>{text[0]}</b>, {text[1]}
        <br />
        <span title={c.unknown ?? ""}>{text[2]}</span>
      </figcaption>
    </figure>
  );
}

// scaleOf labels an end of the scale.
const scaleOf = (c: Course, value: number): string => axis(value, c.currency ?? "");

// textOf says the picture in words: what is used, an even pace, and what is expected.
function textOf(c: Course, at: string): [string, string, string] {
  const used = c.steps.at(-1)?.so_far ?? "0";
  const e = c.expected;
  const ahead = c.ahead === "0" ? "" : `, ${shortText(c, c.ahead)} booked for days to come`;
  const around = e?.low && e.high ? ` (${shortText(c, e.low)} to ${shortText(c, e.high)} in ${e.level}%)` : "";
  return [
    `${shortText(c, used)} of ${shortText(c, c.limit)}`,
    `even pace ${shortOf(c, evenBy(c, at))}${ahead}`,
    e ? `${shortText(c, e.mean)} expected at the end${around}` : "no forecast: its past is too short",
  ];
}
