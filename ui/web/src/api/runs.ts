import { answerOf, client } from "./client";
import type { components } from "./schema";

export type Run = components["schemas"]["Run"];
export type RunList = components["schemas"]["RunList"];
export type RunDetail = components["schemas"]["RunDetail"];
export type RunNode = components["schemas"]["RunNode"];
export type RunLine = components["schemas"]["RunLine"];

/** A question to GET /api/v1/runs. */
export interface RunQuestion {
  since?: string;
  until?: string;
  order?: string;
  where?: string[];
  currency?: string;
}

export const getRuns = (query: RunQuestion, cursor: string, signal: AbortSignal): Promise<RunList> =>
  answerOf(
    client.GET("/api/v1/runs", {
      params: { query: { ...query, ...(cursor && { cursor }) } as unknown as Record<string, string> },
      signal,
    }),
  );

export const getRun = (run: string, currency: string, signal: AbortSignal): Promise<RunDetail> =>
  answerOf(
    client.GET("/api/v1/runs/{run}", { params: { path: { run }, query: currency ? { currency } : {} }, signal }),
  );

/** The address of what a page of runs shows, for a download. */
export function runsAddress(q: RunQuestion): string {
  const query = new URLSearchParams({ limit: "1000" });
  for (const [name, value] of Object.entries(q)) for (const one of [value].flat() as string[]) query.append(name, one);
  return `/api/v1/runs?${query.toString()}`;
}
