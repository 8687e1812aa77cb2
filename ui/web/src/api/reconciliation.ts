// How what was metered, reported and invoiced in a month agree.

import { magnitude, units } from "../lib/decimal";
import { answerOf, client } from "./client";
import type { components } from "./schema";

export type Reconciliation = components["schemas"]["Reconciliation"];
export type Account = components["schemas"]["Bill"];
export type Line = components["schemas"]["ReconcileRow"];
export type Reason = components["schemas"]["ReconcilePart"];
export type ShadowKey = components["schemas"]["Shadow"];
export type InferredRates = components["schemas"]["Inferred"];

/** Asks for a month of the vendors' days, each by its own zone. */
export const getReconciliation = (period: string, signal: AbortSignal): Promise<Reconciliation> =>
  answerOf(client.GET("/api/v1/reconciliation", { params: { query: { period } }, signal }));

/** What an account is billed: its invoice, else what is reported. */
export const billed = (a: Account): string => (a.basis === "invoiced" ? a.invoiced : a.reported);

/** What is billed of a row, null where nobody says anything of it. */
export const billedOf = (row: Line): string | null => (row.basis === "invoiced" ? row.invoiced : row.reported);

/** A seller and its account, as people read them. */
export const nameOf = (a: Pick<Account, "seller" | "account">): string =>
  [a.seller || "(no seller)", a.account].filter(Boolean).join(" ");

/** What tells accounts apart, as the address holds it. */
export const sameAccount = (a: Pick<Account, "seller" | "account" | "currency">): string =>
  [a.seller, a.account, a.currency].join("/");

/** The account that an address names, else the billed one with the largest difference. */
export function shownOf(found: Reconciliation, named: string | undefined): Account | undefined {
  const all = found.bills.filter((a) => a.basis);
  const [largest] = all.toSorted((a, b) => Number(sizeOf(b) - sizeOf(a)));
  return all.find((a) => sameAccount(a) === named) ?? largest;
}

/** How large the difference of an account or a row is, whichever way it goes. */
export const sizeOf = (of: Pick<Account, "variance">): bigint => magnitude(units(of.variance) ?? 0n);
