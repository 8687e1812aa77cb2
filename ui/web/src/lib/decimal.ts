// Amounts come as decimal texts of up to 12 places. They are kept as whole numbers of
// 10⁻¹² and never become a float: only a chart's pixels are floats.

export const PLACES = 12;
export const ONE = 10n ** 12n;
export const MINUS = "\u2212";

/** What the server sends: a decimal text, or nothing where the amount is unknown. */
export type Decimal = string | null | undefined;

/** Reads a decimal text; null is an amount that is unknown. */
export function units(text: Decimal): bigint | null {
  if (text === null || text === undefined) return null;
  const parts = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!parts) throw new TypeError(`no decimal number: ${text}`);
  const n = BigInt(parts[2] ?? "0") * ONE + BigInt((parts[3] ?? "").padEnd(PLACES, "0"));
  return parts[1] ? -n : n;
}

/** Writes units as the server writes them. */
export function written(u: bigint): string {
  const digits = magnitude(u)
    .toString()
    .padStart(PLACES + 1, "0");
  const text = `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, "");
  return u < 0n ? `-${text}` : text;
}

/** Divides and rounds half to even. */
export function divide(a: bigint, b: bigint): bigint {
  if (b < 0n) return divide(-a, -b);
  const n = magnitude(a);
  let q = n / b;
  const twice = (n % b) * 2n;
  if (twice > b || (twice === b && q % 2n === 1n)) q += 1n;
  return a < 0n ? -q : q;
}

/** What a quantity costs at a price for so many units, rounded half to even. */
export const costs = (quantity: bigint, price: bigint, per: bigint): bigint => divide(quantity * price, per * ONE);

export const magnitude = (u: bigint): bigint => (u < 0n ? -u : u);

/** Rounds units to whole numbers of 10⁻ᵖˡᵃᶜᵉˢ. */
export const rounded = (u: bigint, places: number): bigint => divide(u, 10n ** BigInt(PLACES - places));

/** Writes whole numbers of 10⁻ᵖˡᵃᶜᵉˢ with grouped digits. */
export function fixed(n: bigint, places: number): string {
  const digits = magnitude(n)
    .toString()
    .padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const text = places ? `${whole}.${digits.slice(-places)}` : whole;
  return n < 0n ? MINUS + text : text;
}

/** Turns units into a float, for the height of a bar and nothing else. */
export const pixels = (text: Decimal): number | null => {
  const u = units(text);
  return u === null ? null : Number(u) / 1e12;
};
