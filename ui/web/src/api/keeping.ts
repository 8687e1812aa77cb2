// What the pages about quality and settings ask: what waits for a person, and who may do what.

import { answerOf, client } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Token = Schemas["Token"];
export type TokenKind = Token["kind"];
export type Finding = Schemas["Finding"];
export type Rejected = Schemas["RejectedRecord"];
export type Suggestion = Schemas["Slice"];
export type Difference = Schemas["Row"];
export type Unowned = Schemas["RegisteredEntry"];
export type Moves = Schemas["PreviewAnswer"];
export type Price = Schemas["Price"];
export type Entry = Schemas["AuditEntry"];
export type Page = Schemas["View"];

export const getDoctor = () => answerOf(client.GET("/api/v1/doctor"));
export const getQuarantine = () => answerOf(client.GET("/api/v1/quarantine"));
export const getCoverage = () => answerOf(client.GET("/api/v1/attribution/coverage"));
export const getDifferences = () => answerOf(client.GET("/api/v1/discrepancies"));
export const getUnowned = () =>
  answerOf(client.GET("/api/v1/register", { params: { query: { unowned: "true", limit: "20" } } }));
export const getTokens = (cursor: string) =>
  answerOf(client.GET("/api/v1/tokens", { params: { query: cursor ? { cursor } : {} } }));
export const getAudit = (cursor: string) =>
  answerOf(client.GET("/api/v1/audit", { params: { query: cursor ? { cursor } : {} } }));
export const getApplied = () => answerOf(client.GET("/api/v1/applied"));

/** Books a rejected record by what is in force today. */
export const retry = (digest: string) =>
  answerOf(client.POST("/api/v1/quarantine/{digest}/retry", { params: { path: { digest } }, body: {} }));

/** Says what rules would move in the past; nothing is booked. */
export const preview = (text: string, from: string, by: string[]) =>
  answerOf(
    client.POST("/api/v1/attribution/preview", { body: { from, by, documents: [{ file: "suggested.yaml", text }] } }),
  );

/** Issues a token; its secret is in this answer and never again. */
export const issue = (kind: TokenKind, name: string, scope: Schemas["Scope"]) =>
  answerOf(client.POST("/api/v1/tokens", { body: { kind, name, scope } }));

export const rotate = (prefix: string) =>
  answerOf(client.POST("/api/v1/tokens/{prefix}/rotate", { params: { path: { prefix } }, body: { overlap: "24h" } }));

export const revoke = (prefix: string) =>
  answerOf(client.DELETE("/api/v1/tokens/{prefix}", { params: { path: { prefix } } }));
