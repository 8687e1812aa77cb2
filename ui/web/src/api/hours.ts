// When in the week things are used.

import { answerOf, client } from "./client";
import type { components } from "./schema";

export type Hours = components["schemas"]["Hours"];
export type HourQuestion = { measures: string; since?: string; until?: string; where?: string[] };

export const getHours = (query: HourQuestion, signal: AbortSignal): Promise<Hours> =>
  answerOf(
    client.GET("/api/v1/spend/hours", { params: { query: query as unknown as Record<string, string> }, signal }),
  );
