// What a chart says of the bucket that is pointed at.

import { units } from "../lib/decimal";
import { count, money } from "../lib/format";
import { bucketName, type ChartData } from "./series";

/** Gives a colour of the theme by its name. */
export type Token = (name: string) => string;

/** Says the figures of a bucket, in nodes: text in HTML would need inline styles, which are refused. */
export function tip(data: ChartData, bucket: string, token: Token): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  const title = document.createElement("b");
  title.textContent = bucketName(bucket, data, "full") + (data.partial.has(bucket) ? ", not whole" : "");
  box.append(title);
  const earlier = { name: data.earlier, colour: 0, values: data.before ?? new Map<string, string>() };
  const plan = { name: "plan", colour: -1, values: data.plan ?? new Map<string, string>() };
  for (const s of [...data.series, earlier, plan]) {
    const text = s.values.get(bucket);
    if (text === undefined) continue;
    const [line, dot, figure] = [
      document.createElement("div"),
      document.createElement("i"),
      document.createElement("span"),
    ];
    dot.style.background = token(s.colour > 0 ? `c${s.colour}` : s.colour < 0 ? "ink" : "ink-2");
    figure.textContent = data.currency ? money(units(text), data.currency) : count(units(text));
    if (text === null && s === plan) figure.textContent = "not planned";
    if (text === null && data.unsaid) figure.textContent = data.unsaid;
    line.append(dot, s.name, figure);
    box.append(line);
  }
  return box;
}
