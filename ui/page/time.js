// Days are those of the organisation's zone, written 2026-11-25.

const DAY = 24 * 3600 * 1000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// dayOf names the day of an instant in a zone.
export function dayOf(instant, zone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(instant);
}

const noon = (day) => Date.parse(`${day}T12:00:00Z`);

// plus moves a day by so many days.
export const plus = (day, days) => new Date(noon(day) + days * DAY).toISOString().slice(0, 10);

// short is a day on an axis: 4 Nov.
export const short = (day) => `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]}`;

// long is a day in a sentence: 4 Nov 2026.
export const long = (day) => `${short(day)} ${day.slice(0, 4)}`;

// span names the days from one to the one before another: 27 Oct – 25 Nov 2026.
export function span(from, until) {
  const last = plus(until, -1);
  if (from === last) return long(last);
  return from.slice(0, 4) === last.slice(0, 4) ? `${short(from)} – ${long(last)}` : `${long(from)} – ${long(last)}`;
}

// days lists every day, or every week, from one to the one before another.
export function days(from, until, step) {
  const all = [];
  for (let day = from; day < until; day = plus(day, step)) all.push(day);
  return all;
}

// age says how long ago an instant was.
export function age(milliseconds) {
  const s = Math.max(0, Math.round(milliseconds / 1000));
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} days ago`;
}
