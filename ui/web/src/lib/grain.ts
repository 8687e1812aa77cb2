// How finely time is cut.

import { between, plus } from "./time";
import type { Window } from "./view";
import { begun } from "./window";

const DAYS_BY_HOUR = 8; // more hours than of these days are too many to tell apart

/** Cuts a window as it was asked for, where that can be drawn. */
export function cut(w: Window, grain: Window["grain"] | undefined): Window {
  return grain && grainsOf(w).includes(grain) ? { ...w, grain } : w;
}

/** The grains in which a window can be drawn. */
export function grainsOf(w: Window): Window["grain"][] {
  if (w.grain === "minute") return ["minute", "hour"];
  if (w.grain === "hour" && (w.since.endsWith("h") || w.until === "")) return ["hour"];
  const short = w.since !== "" && w.until !== "" && between(w.since, w.until) <= DAYS_BY_HOUR;
  return short ? ["hour", "day", "week", "month"] : ["day", "week", "month"];
}

/** How long a bucket is by the clock, in milliseconds; 0 for those of the calendar. */
export const clockOf = (grain: Window["grain"]): number =>
  grain === "minute" ? 60_000 : grain === "hour" ? 3_600_000 : 0;

/**
 * The first day of the month that a day is of, in the fiscal calendar; "" where nobody told, of a day before the
 * months that a window knows and the buckets that have figures.
 */
export function monthOf(day: string, { months }: Window, known: string[]): string {
  if (day >= (months[0] ?? "")) return begun(months, day);
  return ofDates(months) ? `${day.slice(0, 8)}01` : (known.findLast((first) => first <= day) ?? "");
}

/** The first day of the month after the one that begins on a day. */
export function monthAfter(day: string, { months }: Window): string {
  const next = day < (months[0] ?? "") ? undefined : months.find((first) => first > day);
  return next ?? `${plus(`${day.slice(0, 8)}01`, 31).slice(0, 8)}01`;
}

// ofDates says that months are those of the calendar on the wall.
const ofDates = (months: string[]): boolean => months.every((day) => day.endsWith("-01"));
