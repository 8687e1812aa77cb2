// Days as texts like 2026-11-24, in the organisation's zone.

/** Says whether a text is days of one's own as the address writes them: both are in, and there are such days. */
export function areDates(text: string): boolean {
  const [first = "", last = ""] = /^20\d{2}-\d{2}-\d{2}\.\.20\d{2}-\d{2}-\d{2}$/.test(text) ? text.split("..") : [];
  const real = (day: string): boolean => !Number.isNaN(Date.parse(`${day}T00:00:00Z`)) && plus(day, 0) === day;
  return real(first) && real(last) && first <= last;
}

const format = (day: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(new Date(`${day}T00:00:00Z`));

/** The day of an instant, in a zone. */
export const dayOf = (instant: number, zone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    instant,
  );

/** A day so many days later. */
export const plus = (day: string, n: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

/** The same date so many months later; the last day of a month that has no such date. */
export function months(day: string, n: number): string {
  const first = new Date(`${day.slice(0, 8)}01T00:00:00Z`);
  first.setUTCMonth(first.getUTCMonth() + n);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return plus(first.toISOString().slice(0, 10), Math.min(Number(day.slice(8)), last) - 1);
}

/** How many days lie between two. */
export const between = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);

/** The days from one to before another. */
export const days = (from: string, to: string): string[] =>
  Array.from({ length: Math.max(0, between(from, to)) }, (_, i) => plus(from, i));

/** A day as 24 Nov. */
export const short = (day: string): string => format(day, { day: "numeric", month: "short" });

/** A day as 24 Nov 2026. */
export const long = (day: string): string => format(day, { day: "numeric", month: "short", year: "numeric" });

/** An instant as 24 Nov 2026, 10:42, in a zone. */
export const moment = (text: string, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(text));

/** A window in words; its end is not included. */
export function span(from: string, to: string): string {
  const last = plus(to, -1);
  const year = from.slice(0, 4) === last.slice(0, 4);
  return from === last ? long(from) : `${year ? short(from) : long(from)} to ${long(last)}`;
}

/** A window in few words, for the head of a column; its end is not included. */
export function dates(from: string, to: string): string {
  const last = plus(to, -1);
  if (from === last) return short(from);
  return from.slice(0, 7) === last.slice(0, 7)
    ? `${Number(from.slice(8))}\u2013${short(last)}`
    : `${short(from)}\u2013${short(last)}`;
}

/** Says whether a text is the name of a zone, like Europe/Vienna. */
export function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat("en-GB", { timeZone: name }));
  } catch {
    return false;
  }
}

/** The zone that times are shown in, by its name in the address. */
export function zoneOf(tz: string | undefined, organisation: string): string {
  if (tz === "browser") return Intl.DateTimeFormat().resolvedOptions().timeZone;
  return tz === "utc" ? "UTC" : organisation;
}

/** How old something is, in seconds, minutes, hours or days. */
export function age(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 172_800) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86_400)} days ago`;
}
