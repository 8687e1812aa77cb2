// How figures are written: the one place that knows.

import { divide, fixed, magnitude, MINUS, ONE, PLACES, rounded, type Decimal } from "./decimal";

const trimmed = (text: string, least: number): string =>
  text.replace(new RegExp(`(\\.\\d{${least}}\\d*?)0+$`), "$1").replace(/\.$/, "");

// small keeps two significant digits, so that little money never looks like none.
function small(u: bigint): string {
  const first = PLACES - magnitude(u).toString().length + 1;
  const places = Math.min(first + 1, PLACES);
  return trimmed(fixed(rounded(u, places), places), 0);
}

const tiny = (u: bigint): boolean => u !== 0n && magnitude(u) < ONE / 100n;

const signed = (symbol: string, text: string): string =>
  text.startsWith(MINUS) ? MINUS + symbol + text.slice(1) : symbol + text;

function symbolOf(currency: string): string {
  if (!currency) return "";
  const parts = new Intl.NumberFormat("en-US", { style: "currency", currency }).formatToParts(0);
  const found = parts.find((part) => part.type === "currency")?.value ?? currency;
  return /[A-Z]$/.test(found) ? `${found}\u00a0` : found;
}

/** An amount in a table: two places, or two digits of what is less. */
export function money(u: bigint | null, currency: string): string {
  if (u === null) return "unpriced";
  return signed(symbolOf(currency), tiny(u) ? small(u) : fixed(rounded(u, 2), 2));
}

/** An amount in a tile. */
export function headline(u: bigint | null, currency: string): string {
  if (u === null || magnitude(u) < 1000n * ONE) return money(u, currency);
  const size = magnitude(u);
  if (size < 1_000_000n * ONE) return signed(symbolOf(currency), fixed(rounded(u, 0), 0));
  const [by, name] = size < 1_000_000_000n * ONE ? [1_000_000n, "M"] : [1_000_000_000n, "B"];
  return `${signed(symbolOf(currency), fixed(rounded(divide(u, by), 2), 2))}\u00a0${name}`;
}

/** What one outcome costs. */
export function unitCost(u: bigint | null, currency: string): string {
  if (u === null) return "\u2013";
  if (tiny(u) || magnitude(u) >= ONE) return money(u, currency);
  return signed(symbolOf(currency), trimmed(fixed(rounded(u, 4), 4), 2));
}

/** What one unit costs, in a column: all with four places where any is below one, so that digits stand under each other. */
export function unitCosts(column: (bigint | null)[], currency: string): (u: bigint | null) => string {
  const places = column.some((u) => u !== null && magnitude(u) < ONE) ? 4 : 2;
  return (u) => {
    if (u === null) return "\u2013";
    const little = u !== 0n && magnitude(u) < ONE / 1000n;
    return signed(symbolOf(currency), little ? small(u) : fixed(rounded(u, places), places));
  };
}

/** A price of a natural unit, like one million tokens: two to four places, or two digits of what is less. */
export const price = (u: bigint | null, currency: string): string =>
  u === null || tiny(u) ? money(u, currency) : signed(symbolOf(currency), trimmed(fixed(rounded(u, 4), 4), 2));

/** An amount with every digit, for whoever wants to check. */
export const exact = (text: Decimal, currency: string): string =>
  text === null || text === undefined ? "unpriced" : `${text} ${currency}`;

// padded gives an amount two places at least, as amounts have.
const padded = (text: string): string => {
  const [whole, part = ""] = text.split(".");
  return `${whole}.${part.padEnd(2, "0")}`;
};

/** An amount with every digit that it has, for figures that are added up by hand. */
export const whole = (text: Decimal, currency: string): string =>
  text === null || text === undefined
    ? "unpriced"
    : signed(
        symbolOf(currency),
        padded(text)
          .replace("-", MINUS)
          .replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ","),
      );

/** A count: exact below 10,000, then short. */
export function count(u: bigint | null): string {
  if (u === null) return "unknown";
  const size = magnitude(u);
  if (size < 10_000n * ONE) return trimmed(fixed(rounded(u, 2), 2), 0);
  for (const [power, name] of [
    [4n, "T"],
    [3n, "B"],
    [2n, "M"],
  ] as const) {
    if (size >= 1000n ** power * ONE) return `${fixed(rounded(divide(u, 1000n ** power), 1), 1)}\u00a0${name}`;
  }
  return `${fixed(rounded(divide(u, 1000n), 1), 1)}\u00a0k`;
}

/** A share of one; ten times and more is a multiple. */
export function percent(u: bigint | null): string {
  if (u === null) return "\u2013";
  return u * 100n < 999n * ONE ? `${fixed(rounded(u * 100n, 1), 1)}%` : `\u00d7${fixed(rounded(u, 1), 1)}`;
}

/** A difference of two shares in points; what is far off is not written out. */
export function points(u: bigint | null): string {
  if (u === null) return "\u2013";
  if (u * 100n >= 1000n * ONE) return ">\u00a0+999\u00a0pt";
  return `${u > 0n ? "+" : ""}${fixed(rounded(u * 100n, 1), 1)}\u00a0pt`;
}

/** A change and where it points: 1 is more, -1 is less, 0 is neither. */
export interface Change {
  text: string;
  direction: -1 | 0 | 1;
}

/** Compares with the window before: "new" when there was nothing. */
export function change(now: bigint | null, before: bigint | null): Change {
  if (now === null || before === null) return { text: "\u2013", direction: 0 };
  if (before <= 0n) return { text: now > 0n ? "new" : "\u2013", direction: 0 };
  const per = divide((now - before) * 1000n, before); // in tenths of a per cent
  if (per >= 9990n) return { text: `\u00d7${fixed(divide(now * 10n, before), 1)}`, direction: 1 };
  const text = `${fixed(magnitude(per), 1)}%`;
  if (per === 0n) return { text, direction: 0 };
  return per > 0n ? { text: `\u25b2 ${text}`, direction: 1 } : { text: `\u25bc ${text}`, direction: -1 };
}

/** Labels a scale of pixels, where a float is good enough. */
export function axis(value: number, currency: string): string {
  if (value < 0) return MINUS + axis(-value, currency);
  const [by, name] = value >= 1e6 ? ([1e6, "M"] as const) : value >= 1e3 ? ([1e3, "k"] as const) : ([1, ""] as const);
  const whole = by > 1 || Number.isInteger(value);
  const shown = whole ? String(Number((value / by).toPrecision(3))) : money(BigInt(Math.round(value * 1e12)), "");
  return `${symbolOf(currency)}${shown}${name}`;
}

/** Writes cents that were apportioned; what rounds to nothing shows its digits. */
export function cents(n: bigint | null, u: bigint | null, currency: string): string {
  if (n === null || u === null) return "unpriced";
  return n === 0n && u !== 0n ? money(u, currency) : signed(symbolOf(currency), fixed(n, 2));
}

/** Writes an effect or a difference of apportioned cents: what adds has a plus. */
export const difference = (n: bigint | null, u: bigint | null, currency: string): string =>
  (u !== null && u > 0n ? "+" : "") + cents(n, u, currency);
