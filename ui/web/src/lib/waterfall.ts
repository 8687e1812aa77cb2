import { cents, difference } from "./format";

/** A bar: from and to are heights in units of the currency, with the lines of its name. */
export interface Step {
  id: string;
  name: string[];
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

/** The bars of a way, with names in lines that share a width of so many letters, where no word is longer. */
export function stepsOf(told: Way, currency: string, names: [string, string], room: number): Step[] {
  const moved = told.effects.filter((one) => one.cents !== 0n);
  const steps: Step[] = [];
  const height = (n: bigint): number => Number(n) / 100; // for a picture, where a float is good enough
  const ends = (id: string, name: string, n: bigint): Step => {
    return { id, name: name.split(/(?<= to) /), from: 0, to: height(n), label: cents(n, n, currency), tone: "sum" };
  };
  steps.push(ends("before", names[0], told.before));
  let at = told.before;
  for (const e of moved) {
    const [from, to] = [height(at), height(at + e.cents)];
    const tone = e.cents > 0n ? "adds" : "saves";
    steps.push({
      id: e.id,
      name: linesOf(e.name, room / (moved.length + 2)),
      from,
      to,
      label: difference(e.cents, e.cents, currency),
      tone,
    });
    at += e.cents;
  }
  return [...steps, ends("after", names[1], told.after)];
}

// linesOf breaks a name where a line is full.
function linesOf(name: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(" ")) {
    const longer = [...lines.slice(-1), word].join(" ");
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Round marks that hold all steps, and zero. */
export function scaleOf(steps: Step[]): number[] {
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
