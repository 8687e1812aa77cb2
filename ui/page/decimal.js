// Amounts come as decimal texts of up to 12 places. They are kept as whole
// numbers of 10⁻¹² and never become a float: only the chart's pixels are floats.

const PLACES = 12;
const ONE = 10n ** 12n;
const MINUS = "\u2212";

// units reads a decimal text, null for an amount that is unknown.
export function units(text) {
  if (text === null || text === undefined) return null;
  const parts = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(String(text));
  if (!parts) throw new TypeError(`no decimal number: ${text}`);
  const [, sign, whole, fraction = ""] = parts;
  const n = BigInt(whole) * ONE + BigInt(fraction.padEnd(PLACES, "0"));
  return sign ? -n : n;
}

// divide rounds half to even.
export function divide(a, b) {
  if (b < 0n) return divide(-a, -b);
  const negative = a < 0n;
  const n = negative ? -a : a;
  let q = n / b;
  const twice = (n % b) * 2n;
  if (twice > b || (twice === b && q % 2n === 1n)) q += 1n;
  return negative ? -q : q;
}

// fixed writes whole numbers of 10⁻ᵖˡᵃᶜᵉˢ with grouped digits.
export function fixed(n, places) {
  const digits = (n < 0n ? -n : n).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places).replace(/\B(?=(\d{3})+$)/g, ",");
  const text = places ? `${whole}.${digits.slice(-places)}` : whole;
  return n < 0n ? MINUS + text : text;
}

const rounded = (u, places) => divide(u, 10n ** BigInt(PLACES - places));
const magnitude = (u) => (u < 0n ? -u : u);
const trimmed = (text, least) => text.replace(new RegExp(`(\\.\\d{${least}}\\d*?)0+$`), "$1").replace(/\.$/, "");

// small keeps two significant digits, so that little money never looks like none.
function small(u) {
  const first = PLACES - magnitude(u).toString().length + 1; // place of the first digit
  return trimmed(fixed(rounded(u, Math.min(first + 1, PLACES)), Math.min(first + 1, PLACES)), 0);
}

const tiny = (u) => u !== 0n && magnitude(u) < ONE / 100n;

function signed(symbol, text) {
  return text.startsWith(MINUS) ? MINUS + symbol + text.slice(1) : symbol + text;
}

const symbols = new Map();

function symbolOf(currency) {
  if (!currency) return "";
  if (!symbols.has(currency)) {
    const parts = new Intl.NumberFormat("en-US", { style: "currency", currency }).formatToParts(0);
    const found = parts.find((p) => p.type === "currency").value;
    symbols.set(currency, /[A-Z]$/.test(found) ? `${found}\u00a0` : found);
  }
  return symbols.get(currency);
}

// money is an amount in a table: two places, or two digits of what is less.
export function money(u, currency) {
  if (u === null) return "unpriced";
  return signed(symbolOf(currency), tiny(u) ? small(u) : fixed(rounded(u, 2), 2));
}

// headline is an amount in a tile.
export function headline(u, currency) {
  if (u === null) return "unpriced";
  const size = magnitude(u);
  if (size < 1000n * ONE) return money(u, currency);
  if (size < 1_000_000n * ONE) return signed(symbolOf(currency), fixed(rounded(u, 0), 0));
  const [by, name] = size < 1_000_000_000n * ONE ? [1_000_000n, "M"] : [1_000_000_000n, "B"];
  return `${signed(symbolOf(currency), fixed(rounded(divide(u, by), 2), 2))}\u00a0${name}`;
}

// unitCost is what one outcome costs.
export function unitCost(u, currency) {
  if (u === null) return "\u2013";
  if (tiny(u) || magnitude(u) >= ONE) return money(u, currency);
  return signed(symbolOf(currency), trimmed(fixed(rounded(u, 4), 4), 2));
}

// exact is an amount with every digit, for whoever wants to check.
export function exact(text, currency) {
  return text === null || text === undefined ? "unpriced" : `${text} ${currency}`;
}

// count is exact below 10,000, then short.
export function count(u) {
  const size = magnitude(u);
  if (size < 10_000n * ONE) return trimmed(fixed(rounded(u, 2), 2), 0);
  for (const [power, name] of [[4n, "T"], [3n, "B"], [2n, "M"]]) {
    if (size >= 1000n ** power * ONE) return `${fixed(rounded(divide(u, 1000n ** power), 1), 1)}\u00a0${name}`;
  }
  return `${fixed(rounded(divide(u, 1000n), 1), 1)}\u00a0k`;
}

// percent shows a share of one.
export function percent(u) {
  return u === null ? "\u2013" : `${fixed(rounded(u * 100n, 1), 1)}%`;
}

// change compares with the window before: "new" when there was nothing.
export function change(now, before) {
  if (now === null || before === null) return { text: "\u2013", direction: 0 };
  if (before <= 0n) return now > 0n ? { text: "new", direction: 0 } : { text: "\u2013", direction: 0 };
  const per = divide((now - before) * 1000n, before); // in tenths of a per cent
  if (per >= 9990n) return { text: `\u00d7${fixed(divide(now * 10n, before), 1)}`, direction: 1 };
  const arrow = per > 0n ? "\u25b2 " : per < 0n ? "\u25bc " : "";
  return { text: `${arrow}${fixed(per < 0n ? -per : per, 1)}%`, direction: per > 0n ? 1 : per < 0n ? -1 : 0 };
}

// apportion rounds parts to cents so that they sum to the rounded total: what is
// left after rounding down goes to the largest remainders. Parts that do not sum
// to the total are rounded one by one.
export function apportion(parts, total) {
  const cent = ONE / 100n;
  const known = parts.map((u) => u ?? 0n);
  const sum = known.reduce((a, b) => a + b, 0n);
  if (total === null || sum !== total) return parts.map((u) => (u === null ? null : divide(u, cent)));
  const floor = (u) => (u - (((u % cent) + cent) % cent)) / cent;
  const cents = known.map(floor);
  let rest = divide(total, cent) - cents.reduce((a, b) => a + b, 0n);
  const order = known.map((u, i) => [u - cents[i] * cent, i]).sort((a, b) => (a[0] < b[0] ? 1 : a[0] > b[0] ? -1 : a[1] - b[1]));
  for (const [, i] of order) {
    if (rest === 0n) break;
    cents[i] += 1n;
    rest -= 1n;
  }
  return parts.map((u, i) => (u === null ? null : cents[i]));
}

// cents shows an apportioned amount; what rounds to nothing shows its digits.
export function cents(n, u, currency) {
  if (n === null) return "unpriced";
  return n === 0n && u !== 0n ? money(u, currency) : signed(symbolOf(currency), fixed(n, 2));
}

// axis labels a scale of pixels, the one place where a float is good enough.
export function axis(value, currency) {
  const [by, name] = value >= 1e6 ? [1e6, "M"] : value >= 1e3 ? [1e3, "k"] : [1, ""];
  const shown = by > 1 || Number.isInteger(value) ? Number((value / by).toPrecision(3)) : money(BigInt(Math.round(value * 1e12)), "");
  return `${symbolOf(currency)}${shown}${name}`;
}
