import { useElementSize } from "@mantine/hooks";
import { ONE, pixels, units } from "../lib/decimal";
import { percent } from "../lib/format";

const HEIGHT = 220;
const [TOP, BOTTOM, LEFT, RIGHT] = [14, 26, 52, 150];
const APART = 15; // least distance of two names

export interface IndexLine {
  name: string;
  levels: (string | null)[]; // decimal texts by month
}

/** Indices by month on one axis, with their names at the ends; a gap is a month that is not known. */
export function IndexLines({ months, lines, label }: { months: string[]; lines: IndexLine[]; label: string }) {
  const { ref, width } = useElementSize();
  const all = lines.flatMap((line) => line.levels.map(pixels)).filter((v) => v !== null);
  const [low, high] = [Math.min(1, ...all) - 0.05, Math.max(1, ...all) + 0.05];
  const x = (i: number): number => LEFT + (i / Math.max(1, months.length - 1)) * Math.max(0, width - LEFT - RIGHT);
  const y = (value: number): number => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const marks = marksOf(low, high);
  const ends = apart(lines.map((line) => y(pixels(last(line)) ?? 1)));
  return (
    <div ref={ref} className="drawing index">
      {width > 0 && (
        <svg width={width} height={HEIGHT} role="img" aria-label={label}>
          {marks.map((mark) => (
            <g key={mark}>
              <line
                className={mark === 100 ? "base" : "rule"}
                x1={LEFT}
                x2={width - RIGHT}
                y1={y(mark / 100)}
                y2={y(mark / 100)}
              />
              <text className="mark" x={LEFT - 8} y={y(mark / 100) + 4}>
                {percent((BigInt(mark) * ONE) / 100n)}
              </text>
            </g>
          ))}
          {[0, Math.floor((months.length - 1) / 2), months.length - 1].map((i) => (
            <text key={i} className="month" x={x(i)} y={HEIGHT - 8}>
              {months[i]}
            </text>
          ))}
          {lines.map((line, n) => (
            <g key={line.name} className={`line s${n + 1}`}>
              <path d={pathOf(line.levels, x, y)} />
              {line.levels.map((level, i) => {
                const value = pixels(level);
                return (
                  value !== null && (
                    <circle key={months[i]} cx={x(i)} cy={y(value)} r={2.5}>
                      <title>{`${line.name}, ${months[i] ?? ""}: ${percent(units(level))}`}</title>
                    </circle>
                  )
                );
              })}
              <text className="end" x={width - RIGHT + 8} y={(ends[n] ?? 0) + 4}>
                {`${line.name} ${last(line) === null ? "not known" : percent(units(last(line)))}`}
              </text>
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

const last = (line: IndexLine): string | null => line.levels.at(-1) ?? null;

/** Draws what is known; a month that is not lifts the pen. */
function pathOf(levels: (string | null)[], x: (i: number) => number, y: (value: number) => number): string {
  let down = false;
  return levels
    .map((level, i) => {
      const value = pixels(level);
      const step = value === null ? "" : `${down ? "L" : "M"}${x(i)},${y(value)}`;
      down = value !== null;
      return step;
    })
    .join(" ");
}

/** Marks of the axis in per cent that lie within it, 100 among them. */
function marksOf(low: number, high: number): number[] {
  const step = [5, 10, 20, 25, 50, 100, 200, 500].find((s) => ((high - low) * 100) / s <= 6) ?? 1000;
  const from = Math.ceil(((low - 1) * 100) / step);
  const to = Math.floor(((high - 1) * 100) / step);
  return Array.from({ length: to - from + 1 }, (_, i) => 100 + (from + i) * step);
}

/** Moves names apart that would lie on each other, in the order of their heights. */
function apart(heights: number[]): number[] {
  const placed = [...heights];
  const order = heights.map((_, i) => i).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0));
  order.forEach((at, k) => {
    const above = order[k - 1];
    if (above !== undefined) placed[at] = Math.max(placed[at] ?? 0, (placed[above] ?? 0) + APART);
  });
  return placed;
}
