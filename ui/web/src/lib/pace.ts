// How fast a limit is used up, against the time that has passed.

import { divide, ONE, units } from "./decimal";

export interface Pace {
  used: bigint; // in the limit's unit: booked, settled and held
  share: bigint; // of the limit
  elapsed: bigint | null; // share of the window that has passed; null without a window
  ahead: bigint | null; // share used beyond the share elapsed
  full: string; // the instant at which the limit is reached at this pace; "" for not in this window
}

interface Window {
  from?: string | null;
  to?: string | null;
  limit: string;
  booked: string;
  settled: string;
  held: string;
}

/** Sets use against time, as of an instant; at an even pace, which is no forecast. */
export function paceOf(w: Window, at: string): Pace {
  const used = [w.booked, w.settled, w.held].reduce((sum, text) => sum + (units(text) ?? 0n), 0n);
  const limit = units(w.limit) ?? 0n;
  const share = limit > 0n ? (used * ONE) / limit : ONE;
  if (!w.from || !w.to) return { used, share, elapsed: null, ahead: null, full: "" };
  const [from, to, now] = [w.from, w.to, at].map((text) => BigInt(Date.parse(text))) as [bigint, bigint, bigint];
  const elapsed = to > from ? ((now - from) * ONE) / (to - from) : ONE;
  const end = used > 0n ? from + divide((now - from) * limit, used) : to;
  const full = used >= limit || end >= to ? "" : new Date(Number(end)).toISOString();
  return { used, share, elapsed, ahead: share - elapsed, full };
}

/** What would be used by an instant at an even pace, which is the whole limit at the window's end. */
export function evenBy(w: { from: string; to: string; limit: string }, at: string): bigint {
  const [from, to, now] = [w.from, w.to, at].map((text) => BigInt(Date.parse(text))) as [bigint, bigint, bigint];
  const limit = units(w.limit) ?? 0n;
  return now >= to || to <= from ? limit : now <= from ? 0n : divide(limit * (now - from), to - from);
}
