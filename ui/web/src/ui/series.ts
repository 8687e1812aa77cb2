// What a chart draws, from the answer to one question.

import type { Answer, Row } from "../api/client";
import { pixels } from "../lib/decimal";
import { clockOf, monthAfter, monthOf } from "../lib/grain";
import { days, long, moment, plus, short } from "../lib/time";
import type { Window } from "../lib/view";

/** One layer of the bars: a value of the dimension, or the rest. */
export interface Series {
  key: string | null; // null is what is summed as other
  name: string;
  colour: number; // 1 to 7; 8 is the grey of what has no value, 9 that of other
  values: Map<string, string | null | undefined>; // decimal texts by bucket
}

/** How the layers stand: on each other, each as a line, or each as its part of the whole. */
export type Kind = "stack" | "line" | "share";

export interface ChartData {
  kind: Kind;
  buckets: string[];
  series: Series[];
  currency: string; // "" for a measure that is no money
  unsaid?: string; // what stands for an unknown value
  label: string;
  grain: Window["grain"];
  zone?: string; // that hours and minutes are shown in; without it that of the buckets
  partial: Set<string>; // buckets that are not whole: hatched, so that they look like no fall
  before?: Map<string, string | null | undefined>; // the same weekdays some weeks earlier, by bucket
  plan?: Map<string, string | null | undefined>; // what is planned of each bucket
  earlier: string; // how many: "four weeks earlier"
}

/** Writes a value of a dimension; usage without one says so. */
export const nameOf = (key: string, dimension: string): string =>
  key === "" ? `(no ${dimension.replace("_", " ")})` : key;

/** The value of the one dimension that a row was asked by; while the next answer is awaited, that of the last question. */
export const keyOf = (row: Row): string => Object.values(row.keys)[0] ?? "";

/** Stacks an answer by its dimension, in the order of the server, other last. */
export function layersOf(answer: Answer, dimension: string, measure: string): Series[] {
  const found = new Map<string | null, Series>();
  const take = (key: string | null, name: string, row: Row): void => {
    const one = found.get(key) ?? { key, name, colour: key === null ? 9 : key === "" ? 8 : 0, values: new Map() };
    one.values.set(row.bucket ?? "", row.values[measure]);
    found.set(key, one);
  };
  for (const row of answer.rows) take(keyOf(row), nameOf(keyOf(row), dimension), row);
  const named = [...found.values()].sort((a, b) => height(b) - height(a));
  named.filter((s) => s.colour === 0).forEach((s, i) => (s.colour = (i % 7) + 1));
  found.clear();
  for (const row of answer.other?.rows ?? []) take(null, "other", row);
  return [...named, ...found.values()];
}

// height orders layers, and is shown nowhere.
// eslint-disable-next-line no-restricted-syntax -- of floats, for an order
const height = (s: Series): number => [...s.values.values()].reduce((sum, text) => sum + (pixels(text) ?? 0), 0);

/**
 * The buckets of a window, those without figures among them: the days, weeks or months that it has days of,
 * and the hours or minutes between two instants. A window without an end has those from its first figure to its last.
 */
export function bucketsOf(series: Series[], w: Window, ends: number[] = []): string[] {
  const known = [...new Set(series.flatMap((s) => [...s.values.keys()]))].sort();
  const clock = clockOf(w.grain);
  if (clock > 0) return timesOf(known, clock, ends);
  const since = w.since || (known[0] ?? "").slice(0, 10);
  if (!since || !w.until) return known;
  const byDay = new Map(known.map((bucket) => [bucket.slice(0, 10), bucket]));
  const made = days(since, w.until).map((day) => beginning(day, w, [...byDay.keys()]));
  return [...new Set(made)].filter(Boolean).map((day) => byDay.get(day) ?? day);
}

// beginning is the first day of the week or month that a day is of; a day is its own.
function beginning(day: string, w: Window, known: string[]): string {
  if (w.grain === "month") return monthOf(day, w, known);
  return w.grain === "week" ? plus(day, -((new Date(day).getUTCDay() + 6) % 7)) : day;
}

// timesOf gives every hour or minute from the first to the last of what is known and the ends.
function timesOf(known: string[], clock: number, ends: number[]): string[] {
  const at = new Map(known.map((bucket) => [Date.parse(bucket), bucket]));
  const all = [...at.keys(), ...ends];
  if (all.length === 0) return [];
  const odd = Date.parse(known[0] ?? "1970-01-01") % clock; // hours of some zones begin at the half
  const [first, last] = [Math.min(...all), Math.max(...all)].map((ms) => Math.floor((ms - odd) / clock)) as [
    number,
    number,
  ];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const ms = (first + i) * clock + odd;
    return at.get(ms) ?? new Date(ms).toISOString();
  });
}

// beginOf is when a window of the last hours began that ends at an instant.
const beginOf = (w: Window, to: number): number =>
  w.since.endsWith("h") ? to - Number(w.since.slice(0, -1)) * 3_600_000 : to;

/** The buckets that the window or the clock cuts. */
export function partialOf(buckets: string[], w: Window, today: string, now: number): Set<string> {
  const clock = clockOf(w.grain);
  const cut = (bucket: string): boolean => {
    const day = bucket.slice(0, 10);
    const at = Date.parse(bucket);
    if (clock > 0) return at + clock > now || (w.since.endsWith("h") && at < beginOf(w, now));
    if (w.grain === "day") return day >= today;
    const end = w.grain === "month" ? monthAfter(day, w) : plus(day, 7);
    return (w.since !== "" && day < w.since) || end > (w.until || today);
  };
  return new Set(buckets.filter(cut));
}

/** Moves the days of an answer some weeks on, so that weekdays meet. */
export function weeksOn(answer: Answer, measure: string, buckets: string[], weeks: number): ChartData["before"] {
  const moved = (row: Row): string => plus((row.bucket ?? "").slice(0, 10), 7 * weeks);
  const earlier = new Map(answer.rows.map((row) => [moved(row), row.values[measure]]));
  return new Map(buckets.map((bucket) => [bucket, earlier.get(bucket.slice(0, 10))]));
}

/** What a line goes through, with a dot of a size for each value that stands alone: no line is drawn of it. */
export const dotted = (values: (number | null)[], size: number) =>
  values.map((value, i) =>
    value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null
      ? { value, symbol: "circle", symbolSize: size }
      : value,
  );

/** Names so many weeks before. */
export function weeksBefore(weeks: number): string {
  if (weeks === 52) return "a year earlier";
  return weeks === 4 ? "four weeks earlier" : `${weeks} weeks earlier`;
}

type Named = Pick<ChartData, "grain" | "zone">;

/** Names a bucket: in full for a sentence, or shortly for an axis. */
export function bucketName(bucket: string, { grain, zone }: Named, form: "full" | "axis"): string {
  if (clockOf(grain) > 0) {
    const text = zone ? moment(bucket, zone) : `${long(bucket.slice(0, 10))}, ${bucket.slice(11, 16)}`;
    return form === "axis" ? text.slice(-5) : text;
  }
  if (form === "axis") return short(bucket.slice(0, 10));
  if (grain === "month") return `Month from ${long(bucket.slice(0, 10))}`;
  return grain === "week" ? `Week from ${long(bucket.slice(0, 10))}` : long(bucket.slice(0, 10));
}
