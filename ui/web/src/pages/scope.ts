// Whose calls a budget or a notice is about.

import type { Notice, Scope } from "../api/budget";
import { writeFilter } from "../lib/filter";
import { DIMENSIONS } from "../lib/view";

const parts = (scope: Scope, each: Record<string, string> = {}): [string, string][] => {
  const { tags, ...named } = scope;
  const all = { ...named, ...each } as Record<string, string>;
  return [
    ...Object.entries(all),
    ...Object.entries(tags ?? {}).map(([name, value]): [string, string] => [`tag ${name}`, value]),
  ];
};

/** Writes a scope for people. */
export function scopeText(scope: Scope, each?: Record<string, string>): string {
  const said = parts(scope, each).map(([name, value]) =>
    value ? `${name.replaceAll("_", " ")} ${value}` : `without ${name.replaceAll("_", " ")}`,
  );
  return said.join(", ") || "all calls";
}

/** Whose calls a notice is about: the value that its budget counts apart, or else its scope. */
export const whoseOf = (n: Pick<Notice, "facts" | "scope">): string =>
  n.facts.find((fact) => fact.name === "Of")?.value || scopeText(n.scope);

/** Writes a scope as the filter that shows it; null where pages know no such dimension. */
export function scopeFilter(scope: Scope, each?: Record<string, string>): string | null {
  const all = parts(scope, each);
  if (!all.every(([name]) => DIMENSIONS.some((d) => d === name))) return null;
  return writeFilter(all.map(([dimension, value]) => ({ dimension, values: [value], not: false })));
}
