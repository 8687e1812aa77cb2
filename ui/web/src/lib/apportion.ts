import { divide, magnitude, ONE } from "./decimal";

const CENT = ONE / 100n;

/**
 * Rounds parts to cents so that they sum to the rounded total: what is left after
 * rounding down goes to the largest remainders. Of 0.005 and 0.005 under 0.01, one
 * shows a cent and the other none. Parts that do not sum to the total, for one of
 * them is unknown, are rounded one by one.
 */
export function apportion(parts: (bigint | null)[], total: bigint | null): (bigint | null)[] {
  const known = parts.map((u) => u ?? 0n);
  const sum = known.reduce((a, b) => a + b, 0n);
  if (total === null || sum !== total) return parts.map((u) => (u === null ? null : divide(u, CENT)));
  return apportionTo(parts, divide(total, CENT));
}

/** Rounds parts to cents that sum to cents which are shown already, as those of a group inside of a total. */
export function apportionTo(parts: (bigint | null)[], cents: bigint): (bigint | null)[] {
  const known = parts.map((u) => u ?? 0n);
  const remainder = (u: bigint): bigint => ((u % CENT) + CENT) % CENT;
  const shown = known.map((u) => (u - remainder(u)) / CENT);
  let rest = cents - shown.reduce((a, b) => a + b, 0n);
  const order = known.map((u, i) => ({ left: remainder(u), i }));
  order.sort((a, b) => (a.left < b.left ? 1 : a.left > b.left ? -1 : a.i - b.i));
  for (const { i } of order) {
    if (rest === 0n) break;
    shown[i] = (shown[i] ?? 0n) + 1n;
    rest -= 1n;
  }
  return parts.map((u, i) => (u === null ? null : (shown[i] ?? 0n)));
}

/** The cents that a total shows: what its shown parts sum to, or its own rounding where a part is unknown. */
export function shownTotal(parts: (bigint | null)[], total: bigint | null): bigint | null {
  if (parts.includes(null) || parts.length === 0) return total === null ? null : divide(total, CENT);
  return sumOf(apportion(parts, total).map((n) => n ?? 0n));
}

/** What a total has beyond some of its parts. */
export const beyond = (total: bigint | null, parts: (bigint | null)[]): bigint =>
  (total ?? 0n) - sumOf(parts.map((u) => u ?? 0n));

const sumOf = (all: bigint[]): bigint => all.reduce((a, b) => a + b, 0n);

/**
 * Rounds the effects of a change to cents that sum to the shown change. That is the
 * difference of two shown amounts, so it may be a cent off: the largest effect bears it,
 * as in the server's sentence.
 */
export function apportionChange(parts: bigint[], change: bigint): bigint[] {
  const shown = apportion(parts, sumOf(parts)).map((n) => n ?? 0n);
  let largest = 0;
  parts.forEach((u, i) => {
    if (magnitude(u) > magnitude(parts[largest] ?? 0n)) largest = i;
  });
  const left = change - sumOf(shown);
  if (left !== 0n && parts.length > 0) shown[largest] = (shown[largest] ?? 0n) + left;
  return shown;
}
