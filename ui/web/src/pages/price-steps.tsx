import { useElementSize } from "@mantine/hooks";
import { pixels, units } from "../lib/decimal";
import { axis, price } from "../lib/format";
import { dayOf, long, short } from "../lib/time";
import type { Line } from "./price-lines";

const HEIGHT = 230;
const [TOP, BOTTOM, LEFT, RIGHT] = [18, 26, 58, 150];

/** How prices moved, in steps, on an axis from zero. A promotion is dashed. */
export function Steps({
  lines,
  currency,
  zone,
  label,
}: {
  lines: Line[];
  currency: string;
  zone: string;
  label: string;
}) {
  const { ref, width } = useElementSize();
  const steps = lines.flatMap((l) => l.steps);
  const from = Math.min(...steps.map((s) => s.from));
  const to = Math.max(...steps.map((s) => s.to));
  const most = Math.max(...steps.map((s) => pixels(s.price) ?? 0), 0.000001);
  const marks = marksOf(most);
  const high = marks.at(-1) ?? most;
  const x = (at: number): number => LEFT + ((at - from) / (to - from || 1)) * Math.max(0, width - LEFT - RIGHT);
  const y = (value: number): number => TOP + (1 - value / high) * (HEIGHT - TOP - BOTTOM);
  const height = (text: string): number => y(pixels(text) ?? 0);
  const ends = labelsOf(lines, height);
  return (
    <div ref={ref} className="steps drawing">
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={label}>
          {marks.map((mark) => (
            <g key={mark}>
              <line className={mark === 0 ? "base" : "rule"} x1={LEFT} x2={width - RIGHT} y1={y(mark)} y2={y(mark)} />
              <text className="mark" x={LEFT - 8} y={y(mark) + 4}>
                {axis(mark, currency)}
              </text>
            </g>
          ))}
          {daysOf(from, to).map((at, i, all) => (
            <text
              key={at}
              className={i === 0 ? "day first" : i === all.length - 1 ? "day last" : "day"}
              x={x(at)}
              y={HEIGHT - 8}
            >
              {(to - from > 300 * 86_400_000 ? long : short)(dayOf(at, zone))}
            </text>
          ))}
          {lines.map((line, i) => (
            <g key={line.meter} className={`line s${(i % 7) + 1}`}>
              {line.steps.map((s, at) => {
                const before = line.steps[at - 1];
                const rise =
                  before && before.to === s.from
                    ? `M${x(s.from)},${height(before.price)} L${x(s.from)},${height(s.price)}`
                    : "";
                return (
                  <g key={s.from}>
                    <title>{`${line.name}: ${price(units(s.price), currency)} from ${long(dayOf(s.from, zone))}`}</title>
                    <path className="casing" d={`M${x(s.from)},${height(s.price)} H${x(s.to)}`} />
                    {rise && <path d={rise} />}
                    <path
                      className={s.promotion ? "promotion" : undefined}
                      d={`M${x(s.from)},${height(s.price)} H${x(s.to)}`}
                    />
                    {before && before.price !== s.price && <circle cx={x(s.from)} cy={height(s.price)} r={3} />}
                  </g>
                );
              })}
              <text className="end" x={width - RIGHT + 8} y={(ends[i] ?? 0) + 4}>
                {`${line.name} ${price(units(line.steps.at(-1)?.price ?? null), currency)}`}
              </text>
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

// labelsOf keeps the names at the right end apart.
function labelsOf(lines: Line[], height: (text: string) => number): number[] {
  const wanted = lines.map((l, i) => ({ i, y: height(l.steps.at(-1)?.price ?? "0") }));
  wanted.sort((a, b) => b.y - a.y);
  let below = HEIGHT - BOTTOM + 13;
  const placed: number[] = [];
  for (const one of wanted) {
    below = Math.min(one.y, below - 13);
    placed[one.i] = below;
  }
  return placed;
}

// marksOf gives round marks from zero to above a height.
function marksOf(most: number): number[] {
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((n) => n * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

// daysOf gives a few instants between two, both included.
const daysOf = (from: number, to: number): number[] =>
  Array.from({ length: 5 }, (_, i) => from + ((to - from) / 4) * i);
