import { useElementSize } from "@mantine/hooks";
import { axis, cents, difference } from "../lib/format";
import "./bill.css";

const HEIGHT = 250;
const [TOP, BOTTOM, LEFT] = [24, 40, 58];

interface Step {
  id: string;
  name: string;
  from: number;
  to: number;
  label: string;
  tone: "adds" | "saves" | "sum";
}

/** Cents from one sum to another, and the steps between that make up for the difference. */
export interface Way {
  before: bigint;
  after: bigint;
  effects: { id: string; name: string; cents: bigint }[];
}

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
  const steps = stepsOf(told, currency, names);
  const marks = scaleOf(steps);
  const [low, high] = [marks[0] ?? 0, marks.at(-1) ?? 1];
  const y = (value: number): number => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const slot = Math.max(0, width - LEFT - 14) / steps.length;
  const bar = Math.min(64, slot * 0.62);
  const middle = (i: number): number => LEFT + slot * (i + 0.5);
  return (
    <div ref={ref} className="waterfall drawing">
      {width > 0 && (
        <svg
          width={width}
          height={HEIGHT}
          role="group"
          aria-label={`From ${names[0]} to ${names[1]}, effect by effect`}
        >
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
            <Bar key={s.id} step={s} x={middle(i)} bar={bar} slot={slot} y={y} pick={pick} />
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
  y,
  pick,
}: {
  step: Step;
  x: number;
  bar: number;
  slot: number;
  y: (value: number) => number;
  pick: (effect: string) => void;
}) {
  const top = Math.min(y(step.from), y(step.to));
  const height = Math.max(1.5, Math.abs(y(step.from) - y(step.to)));
  const effect = step.tone !== "sum";
  const words = !effect ? step.name.split(/(?<= to) /) : slot < 84 ? step.name.split(" ") : [step.name];
  const go = effect ? () => pick(step.id) : undefined;
  return (
    <g
      className={effect ? "step open" : "step"}
      role={effect ? "button" : "img"}
      tabIndex={effect ? 0 : undefined}
      aria-label={effect ? undefined : `${step.name}: ${step.label}`}
      onClick={go}
      onKeyDown={(event) => (event.key === "Enter" || event.key === " ") && go?.()}
    >
      <rect className="hit" x={x - slot / 2} y={0} width={slot} height={HEIGHT} />
      <rect className={step.tone} x={x - bar / 2} y={top} width={bar} height={height} rx={2} />
      <text className="figure" x={x} y={top - 6}>
        {`${step.label} `}
      </text>
      {words.map((word, i) => (
        <text key={word} className="name" x={x} y={HEIGHT - BOTTOM + 18 + i * 13}>
          {word}
        </text>
      ))}
    </g>
  );
}

function stepsOf(told: Way, currency: string, names: [string, string]): Step[] {
  const steps: Step[] = [];
  const height = (n: bigint): number => Number(n) / 100; // for a picture, where a float is good enough
  const ends = (id: string, name: string, n: bigint): Step => {
    return { id, name, from: 0, to: height(n), label: cents(n, n, currency), tone: "sum" };
  };
  steps.push(ends("before", names[0], told.before));
  let at = told.before;
  for (const e of told.effects.filter((one) => one.cents !== 0n)) {
    const [from, to] = [height(at), height(at + e.cents)];
    const tone = e.cents > 0n ? "adds" : "saves";
    steps.push({ id: e.id, name: e.name, from, to, label: difference(e.cents, e.cents, currency), tone });
    at += e.cents;
  }
  return [...steps, ends("after", names[1], told.after)];
}

// scaleOf gives round marks that hold all steps, and zero.
function scaleOf(steps: Step[]): number[] {
  const all = steps.flatMap((s) => [s.from, s.to]);
  const [low, high] = [Math.min(0, ...all), Math.max(0.01, ...all)];
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((n) => n * power >= rough) ?? 10) * power;
  const marks: number[] = [];
  for (let i = Math.floor(low / step); i <= Math.ceil(high / step); i += 1)
    marks.push(Number((i * step).toPrecision(12)));
  return marks;
}
