import { divide, ONE } from "./decimal";

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
  const remainder = (u: bigint): bigint => ((u % CENT) + CENT) % CENT;
  const shown = known.map((u) => (u - remainder(u)) / CENT);
  let rest = divide(total, CENT) - shown.reduce((a, b) => a + b, 0n);
  const order = known.map((u, i) => ({ left: remainder(u), i }));
  order.sort((a, b) => (a.left < b.left ? 1 : a.left > b.left ? -1 : a.i - b.i));
  for (const { i } of order) {
    if (rest === 0n) break;
    shown[i] = (shown[i] ?? 0n) + 1n;
    rest -= 1n;
  }
  return parts.map((u, i) => (u === null ? null : (shown[i] ?? 0n)));
}
