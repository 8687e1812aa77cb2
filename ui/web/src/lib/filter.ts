// Filters as the address writes them: team:risk,growth;!model:atlas.

/** One condition on a dimension. */
export interface Condition {
  dimension: string;
  values: string[];
  not: boolean;
}

/** Reads conditions; what is none is left out. A value may hold any character, escaped. */
export function readFilter(text: string): Condition[] {
  const found: Condition[] = [];
  for (const part of text.split(";")) {
    const not = part.startsWith("!");
    const at = part.indexOf(":");
    if (at < (not ? 2 : 1)) continue;
    const values = part
      .slice(at + 1)
      .split(",")
      .map(unescape);
    found.push({ dimension: part.slice(not ? 1 : 0, at), values, not });
  }
  return found;
}

/** Writes conditions for the address. */
export const writeFilter = (all: Condition[]): string =>
  all.map((c) => `${c.not ? "!" : ""}${c.dimension}:${c.values.map(escape).join(",")}`).join(";");

/** Writes a condition as the interface and the command line read it. */
export const asWhere = (c: Condition): string => `${c.dimension}${c.not ? "!=" : "="}${c.values.map(whole).join(",")}`;

/** Sets one condition in place of those on the same dimension. */
export const narrow = (all: Condition[], dimension: string, value: string): Condition[] => [
  ...all.filter((c) => c.dimension !== dimension || c.not),
  { dimension, values: [value], not: false },
];

/** Reads conditions, with those of the scope that somebody may read where they say nothing of it. */
export const bounded = (text: string | undefined, scope: object): Condition[] =>
  Object.entries(scope).reduce(
    (all, [dimension, value]) =>
      typeof value !== "string" || all.some((c) => c.dimension === dimension && !c.not)
        ? all
        : narrow(all, dimension, value),
    readFilter(text ?? ""),
  );

/** The conditions without those that the scope of whoever asks sets by itself. */
export const beyond = (all: Condition[], scope: object): Condition[] =>
  all.filter(
    (c) =>
      c.not || c.values.length !== 1 || Object.entries(scope).every(([d, v]) => d !== c.dimension || v !== c.values[0]),
  );

/** Adds values to the condition of the same kind on their dimension, or makes one. */
export function widen(all: Condition[], added: Condition): Condition[] {
  const same = (c: Condition): boolean => c.dimension === added.dimension && c.not === added.not;
  if (!all.some(same)) return [...all, added];
  return all.map((c) => (same(c) ? { ...c, values: [...new Set([...c.values, ...added.values])] } : c));
}

// A comma parts values, unless a backslash is before it.
const whole = (value: string): string => value.replace(/[\\,]/g, "\\$&");

const escape = (value: string): string => value.replace(/[%;,]/g, encodeURIComponent);

function unescape(value: string): string {
  return value.replace(/%(25|3B|2C)/gi, decodeURIComponent);
}
