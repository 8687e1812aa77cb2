// What the page asks of the server it came from, and nobody else.

import createClient from "openapi-fetch";
import type { Question } from "../lib/view";
import type { components, paths } from "./schema";

export type Session = components["schemas"]["Session"];
export type Answer = components["schemas"]["Envelope"];
export type Row = components["schemas"]["EnvelopeRow"];
export type Meta = components["schemas"]["Meta"];
export type Outcomes = components["schemas"]["OutcomeEnvelope"];
export type Workloads = components["schemas"]["Workloads"];
export type Workload = components["schemas"]["Workload"];
export type Pulse = components["schemas"]["Pulse"];
export type Standing = components["schemas"]["BudgetStanding"];
export type Forecast = components["schemas"]["ForecastEnvelope"];
export type ForecastRow = components["schemas"]["ForecastRow"];
export type KeptForecasts = components["schemas"]["PageOfKeptForecast"];
export type Plan = components["schemas"]["PlanInForce"];
export type Explained = components["schemas"]["ExplainEnvelope"];
type FaultBody = components["schemas"]["Fault"];

/** An answer that says no, and what to do. */
export class Fault extends Error {
  readonly status: number;
  readonly hint: string;
  readonly request: string;

  constructor(status: number, body: Partial<FaultBody>, request: string) {
    super(body.message ?? `the server answered ${status}`);
    this.status = status;
    this.hint = body.hint ?? "";
    this.request = request;
  }
}

export const client = createClient<paths>({
  baseUrl: "/",
  querySerializer: { array: { style: "form", explode: true } },
});

interface Answered<T> {
  data?: T;
  error?: FaultBody;
  response: Response;
}

export async function answerOf<T>(asked: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((cause: unknown) => {
    if (cause instanceof DOMException) throw cause;
    throw new Fault(0, { message: "the server does not answer" }, "");
  });
  if (!response.ok) throw new Fault(response.status, error ?? {}, response.headers.get("X-Request-Id") ?? "");
  return data as T;
}

export const getSession = (): Promise<Session> => answerOf(client.GET("/api/v1/session"));

export const getSpend = (query: Question, signal: AbortSignal): Promise<Answer> =>
  answerOf(client.GET("/api/v1/spend", { params: { query: query as Record<string, string> }, signal }));

export const getOutcomes = (
  query: { since?: string; until?: string; currency?: string },
  signal: AbortSignal,
): Promise<Outcomes> => answerOf(client.GET("/api/v1/outcomes", { params: { query }, signal }));

/** Asks what is planned of a window. */
export const getPlan = (query: { since: string; until?: string }, signal: AbortSignal): Promise<Plan> =>
  answerOf(client.GET("/api/v1/plan", { params: { query }, signal }));

export const getExplained = (
  query: { from: string; to: string; by?: string; where?: string[]; currency?: string },
  signal: AbortSignal,
): Promise<Explained> =>
  answerOf(client.GET("/api/v1/explain", { params: { query: query as unknown as Record<string, string> }, signal }));

/** Asks what comes next; the server keeps what it answers. */
export const getForecast = (query: Record<string, string | string[]>, signal: AbortSignal): Promise<Forecast> =>
  answerOf(client.GET("/api/v1/forecast", { params: { query: query as Record<string, string> }, signal }));

/** Asks for earlier forecasts with what came. */
export const getForecasts = (signal: AbortSignal): Promise<KeptForecasts> =>
  answerOf(client.GET("/api/v1/forecasts", { signal }));

/** Asks for each workflow or agent, with the parts beside its figures. */
export const getWorkloads = (
  kind: "workflows" | "agents",
  query: Question & { with: string },
  signal: AbortSignal,
): Promise<Workloads> =>
  answerOf(client.GET(`/api/v1/${kind}`, { params: { query: query as unknown as Record<string, string> }, signal }));

/** Asks for the latest pulse, for when the stream does not tell it. */
export const getPulse = (signal: AbortSignal): Promise<Pulse> => answerOf(client.GET("/api/v1/pulse", { signal }));

/** Turns a token into a cookie that no script can read. */
export const signIn = (token: string): Promise<Session> =>
  answerOf(client.POST("/api/v1/session", { headers: { Authorization: `Bearer ${token}` }, body: {} }));

/** Ends the session here and on the server. */
export const signOut = (): Promise<unknown> => answerOf(client.DELETE("/api/v1/session"));

/** The address of an answer, for a download. */
export function addressOf(q: Question, format: "csv" | "json"): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(q)) for (const one of [value].flat() as string[]) query.append(name, one);
  query.set("format", format);
  return `/api/v1/spend?${query.toString()}`;
}
