// How list prices moved by month, ours beside the market's.

import { answerOf, client } from "./client";
import type { components } from "./schema";

export type PriceIndexes = components["schemas"]["PriceIndexes"];
export type PriceMonth = components["schemas"]["PriceIndexMonth"];

export const getPriceIndex = (query: { months?: string }, signal: AbortSignal): Promise<PriceIndexes> =>
  answerOf(client.GET("/api/v1/price-index", { params: { query }, signal }));
