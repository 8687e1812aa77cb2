import { answerOf, client } from "./client";
import type { components } from "./schema";

export type Adoption = components["schemas"]["Adoption"];
export type Subscription = components["schemas"]["Subscription"];
export type PeopleGroup = components["schemas"]["PeopleGroup"];

/** A question to GET /api/v1/adoption. */
export interface AdoptionQuestion {
  since: string;
  until?: string;
  by: string;
  where?: string[];
}

export const getAdoption = (query: AdoptionQuestion, signal: AbortSignal): Promise<Adoption> =>
  answerOf(client.GET("/api/v1/adoption", { params: { query: query as unknown as Record<string, string> }, signal }));
