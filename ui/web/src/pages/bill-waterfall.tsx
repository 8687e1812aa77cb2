import { useElementSize } from "@mantine/hooks";
import { axis } from "../lib/format";
import { scaleOf, stepsOf, type Step, type Way } from "../lib/waterfall";
import "./bill.css";

const PLOT = 210; // what the bars have, in pixels, with the figures above them
const [TOP, LEFT, LINE, GLYPH] = [24, 58, 13, 6.2];

/** The way from one bill to the next, an effect at a time, on an axis from zero. */
export function Waterfall({
  told,
  currency,
  names,
  pick,
}: {
  told: Way;
  currency: string;
  names: [before: string, after: string];
  pick: (effect: string) => void;
}) {
  const { ref, width } = useElementSize();
  const room = Math.max(0, width - LEFT - 14);
  const steps = stepsOf(told, currency, names, room / GLYPH);
  const slot = room / steps.length;
  const marks = scaleOf(steps);
  const [low, high] = [marks[0] ?? 0, marks.at(-1) ?? 1];
  const y = (value: number): number => TOP + ((high - value) / (high - low)) * (PLOT - TOP);
  const full = PLOT + 14 + LINE * Math.max(...steps.map((s) => s.name.length));
  const bar = Math.min(64, slot * 0.62);
  const middle = (i: number): number => LEFT + slot * (i + 0.5);
  return (
    <div ref={ref} className="waterfall drawing">
      {width > 0 && (
        <svg width={width} height={full} role="group" aria-label={`From ${names[0]} to ${names[1]}, effect by effect`}>
          {marks.map((mark) => (
            <g key={mark}>
              <line className={mark === 0 ? "base" : "rule"} x1={LEFT} x2={width - 14} y1={y(mark)} y2={y(mark)} />
              <text className="mark" x={LEFT - 8} y={y(mark) + 4}>
                {mark < 0 ? `\u2212${axis(-mark, currency)}` : axis(mark, currency)}
              </text>
            </g>
          ))}
          {steps.slice(1).map((s, i) => (
            <line
              key={s.id}
              className="joint"
              x1={middle(i) + bar / 2}
              x2={middle(i + 1) - bar / 2}
              y1={y(steps[i]?.to ?? 0)}
              y2={y(steps[i]?.to ?? 0)}
            />
          ))}
          {steps.map((s, i) => (
            <Bar key={s.id} step={s} x={middle(i)} {...{ bar, slot, full, y, pick }} />
          ))}
        </svg>
      )}
    </div>
  );
}

function Bar({
  step,
  x,
  bar,
  slot,
  full,
  y,
  pick,
}: {
  step: Step;
  x: number;
  bar: number;
  slot: number;
  full: number;
  y: (value: number) => number;
  pick: (effect: string) => void;
}) {
  const top = Math.min(y(step.from), y(step.to));
  const height = Math.max(1.5, Math.abs(y(step.from) - y(step.to)));
  const effect = step.tone !== "sum";
  const go = effect ? () => pick(step.id) : undefined;
  return (
    <g
      className={effect ? "step open" : "step"}
      role={effect ? "button" : "img"}
      tabIndex={effect ? 0 : undefined}
      aria-label={effect ? undefined : `${step.name.join(" ")}: ${step.label}`}
      onClick={go}
      onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && go?.()}
    >
      <rect className="hit" x={x - slot / 2} y={0} width={slot} height={full} />
      <rect className={step.tone} x={x - bar / 2} y={top} width={bar} height={height} rx={2} />
      <text className="figure" x={x} y={top - 6}>
        {`${step.label} `}
      </text>
      {step.name.map((line, i) => (
        <text key={line} className="name" x={x} y={PLOT + 18 + i * LINE}>
          {`${line} `}
        </text>
      ))}
    </g>
  );
}
