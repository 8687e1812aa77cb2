import type { Forecast } from "../api/client";
import { pixels, units } from "../lib/decimal";
import { axis, money } from "../lib/format";
import { short } from "../lib/time";

const WIDE = 900;
const HIGH = 160;

/** The whole by day: the mean as a line, and the band that holds 80% of such days. */
export function Path({ forecast: f }: { forecast: Forecast }) {
  const days = f.rows[0]?.days ?? [];
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return null;
  const bands = days.map((one) => one.bounds[0]);
  const means = days.map((one) => pixels(one.mean) ?? 0);
  const most = Math.max(...means, ...bands.map((one) => one?.[1] ?? 0), 1e-9);
  const top = roundUp(most);
  const x = (k: number): number => (days.length > 1 ? (k / (days.length - 1)) * WIDE : WIDE / 2);
  const y = (value: number): number => HIGH - (Math.max(0, value) / top) * HIGH;
  const points = (values: number[]): string[] => values.map((v, k) => `${Math.round(x(k))},${Math.round(y(v))}`);
  const band = [...points(bands.map((one) => one?.[1] ?? 0)), ...points(bands.map((one) => one?.[0] ?? 0)).reverse()];
  const marked = new Set(f.occasions.flatMap((one) => one.days));
  const marks = days.flatMap((one, k) => (marked.has(one.day) ? [k] : []));
  const text = `${short(first.day)} ${money(units(first.mean), f.currency)} to ${short(last.day)} ${money(units(last.mean), f.currency)}, at most ${axis(most, f.currency)} a day${marks.length > 0 ? "; dashes stand on days of the calendar" : ""}`;
  return (
    <figure className="path">
      <div className="scale" aria-hidden="true">
        <span>{axis(top, f.currency)}</span>
        <span>{axis(top / 2, f.currency)}</span>
        <span>{axis(0, f.currency)}</span>
      </div>
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={text}>
        {[0, 0.5, 1].map((part) => (
          <line key={part} x1={0} x2={WIDE} y1={part * HIGH} y2={part * HIGH} />
        ))}
        {marks.map((k) => (
          <line className="mark" key={`day ${k}`} x1={x(k)} x2={x(k)} y1={0} y2={HIGH} />
        ))}
        {bands.every(Boolean) && <polygon points={band.join(" ")} />}
        <polyline points={points(means).join(" ")} />
      </svg>
      <div className="ends" aria-hidden="true">
        <span>{short(first.day)}</span>
        <span>{short(last.day)}</span>
      </div>
      <figcaption className="soft">{text}</figcaption>
    </figure>
  );
}

/** The next of 1, 2, 4, 5, 6, 8 and 10 times a power of ten, so that the axis has round ends. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 6, 8, 10].find((n) => n * power >= value) ?? 10;
  return step * power;
}
