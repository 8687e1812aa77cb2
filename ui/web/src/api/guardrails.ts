// What governs a workflow or an agent.

import { answerOf, client } from "./client";
import type { components } from "./schema";

export type Guardrails = components["schemas"]["Guardrails"];
export type Guardrail = components["schemas"]["Guardrail"];
export type GuardKey = components["schemas"]["GuardKey"];

/** Asks which owner, limits and keys govern it. */
export const getGuardrails = (kind: string, name: string, currency: string, signal: AbortSignal): Promise<Guardrails> =>
  answerOf(
    client.GET("/api/v1/guardrails/{kind}/{name}", {
      params: { path: { kind, name }, query: currency ? { currency } : {} },
      signal,
    }),
  );
