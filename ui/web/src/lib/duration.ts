// How long something took, and when it began.

/** Milliseconds between two instants; null when one of them is not known. */
export const took = (from: string | undefined, to: string | undefined): number | null =>
  from && to ? Math.max(0, Date.parse(to) - Date.parse(from)) : null;

/** A duration as 840 ms, 12.4 s, 6m 12s or 2h 05m. */
export function duration(ms: number | null): string {
  if (ms === null) return "\u2013";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.floor(ms / 1000)}.${Math.floor((ms % 1000) / 100)} s`;
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)}m ${two((ms % 60_000) / 1000)}s`;
  return `${Math.floor(ms / 3_600_000)}h ${two((ms % 3_600_000) / 60_000)}m`;
}

/** An instant as 24 Nov, 14:05:09, in a zone. */
export const moment = (instant: string | undefined, zone: string): string =>
  instant
    ? new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
      }).format(Date.parse(instant))
    : "\u2013";

/** Where an instant lies between two, in thousandths: for the place of a bar. */
export function placed(instant: string | undefined, from: string, to: string): number {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  if (!instant || end <= start) return 0;
  return Math.min(1000, Math.max(0, ((Date.parse(instant) - start) / (end - start)) * 1000));
}
