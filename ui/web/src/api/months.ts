// What is measured by month: list prices, ours beside the market's, and the measures of FinOps for AI.

import { answerOf, client } from "./client";
import type { components } from "./schema";

export type PriceIndexes = components["schemas"]["PriceIndexes"];
export type PriceMonth = components["schemas"]["PriceIndexMonth"];

export const getPriceIndex = (
  query: { months?: string; currency?: string },
  signal: AbortSignal,
): Promise<PriceIndexes> => answerOf(client.GET("/api/v1/price-index", { params: { query }, signal }));

export type Kpis = components["schemas"]["KPIs"];
export type Kpi = components["schemas"]["KPI"];

/** Asks for the measures of the last whole month, or of another one. */
export const getKpis = (query: { month?: string }, signal: AbortSignal): Promise<Kpis> =>
  answerOf(client.GET("/api/v1/kpis", { params: { query }, signal }));
