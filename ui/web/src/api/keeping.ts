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
export type Report = Schemas["Report"];
export type Price = Schemas["Price"];
export type Entry = Schemas["AuditEntry"];
export type Page = Schemas["View"];
export type Offered = Schemas["OfferedModel"];
export type PriceHistory = Schemas["PriceHistory"];
export type PriceImport = Schemas["PriceImport"];
export type ChangedPrice = Schemas["ChangedPrice"];
export type PastPrices = Schemas["PastPrices"];
export type RepricedRow = Schemas["RepricedRow"];
export type RoleTable = Schemas["RoleTable"];
export type GivenRole = Schemas["GivenRole"];
export type Role = GivenRole["role"];
export type Declared = Schemas["Declared"];
export type Application = Schemas["Application"];
export type Poller = Schemas["Poller"];
export type Source = Schemas["Source"];
export type Counter = Schemas["Counter"];
export type Document = Schemas["AppliedDocument"];

/** What ends a question whose answer nobody waits for any more. */
type Ends = Pick<RequestInit, "signal">;

export const getDoctor = ({ signal }: Ends) => answerOf(client.GET("/api/v1/doctor", { signal }));
export const getQuarantine = ({ signal }: Ends) => answerOf(client.GET("/api/v1/quarantine", { signal }));
export const getCoverage = ({ signal }: Ends) => answerOf(client.GET("/api/v1/attribution/coverage", { signal }));
export const getDifferences = ({ signal }: Ends) => answerOf(client.GET("/api/v1/discrepancies", { signal }));
export const getUnowned = ({ signal }: Ends) =>
  answerOf(client.GET("/api/v1/register", { params: { query: { unowned: "true", limit: "20" } }, signal }));
export const getTokens = (cursor: string) =>
  answerOf(client.GET("/api/v1/tokens", { params: { query: cursor ? { cursor } : {} } }));
export const getAudit = (cursor: string) =>
  answerOf(client.GET("/api/v1/audit", { params: { query: cursor ? { cursor } : {} } }));
export const getApplied = () => answerOf(client.GET("/api/v1/applied"));

/** Books a rejected record by what is in force today. */
export const retry = (digest: string) =>
  answerOf(client.POST("/api/v1/quarantine/{digest}/retry", { params: { path: { digest } }, body: {} }));

/** Says what documents over those in force would move in the past; nothing is booked. */
export const preview = (documents: Declared[], from: string, by: string[]) =>
  answerOf(client.POST("/api/v1/attribution/preview", { body: { from, by, documents } }));

/** Puts documents in force over those that are, or only says what that changes. */
export const apply = (documents: Declared[], more: { dry_run?: boolean; over?: string }) =>
  answerOf(client.POST("/api/v1/apply", { body: { documents, ...more } }));

/** Attributes the past anew by what is in force. */
export const restate = (from: string) => answerOf(client.POST("/api/v1/attribution/restate", { body: { from } }));

/** Says whose something is, or only what that changes. */
export const claim = ({ kind, name }: Unowned, team: string, dry_run: boolean) =>
  answerOf(client.POST("/api/v1/register", { body: { act: "claim", kind, names: [name], team, dry_run } }));

/** Issues a token; its secret is in this answer and never again. */
export const issue = (order: Schemas["TokenOrder"]) => answerOf(client.POST("/api/v1/tokens", { body: order }));

export const rotate = (prefix: string) =>
  answerOf(client.POST("/api/v1/tokens/{prefix}/rotate", { params: { path: { prefix } }, body: { overlap: "24h" } }));

export const revoke = (prefix: string) =>
  answerOf(client.DELETE("/api/v1/tokens/{prefix}", { params: { path: { prefix } } }));

/** Finds models with their prices in force, 25 at a time. */
export const findPrices = (search: string, cursor: string) =>
  answerOf(
    client.GET("/api/v1/prices", {
      params: { query: { limit: "25", ...(search && { search }), ...(cursor && { cursor }) } },
    }),
  );

/** Every price of a model; its name may hold slashes, which the address keeps. */
export const getPrices = (seller: string, model: string) =>
  answerOf(
    client.GET("/api/v1/prices/{seller}/{model}", {
      params: { path: { seller, model } },
      pathSerializer: () => `/api/v1/prices/${pathOf(seller, model)}`,
    }),
  );

export const pathOf = (...parts: string[]): string =>
  parts.map((part) => part.split("/").map(encodeURIComponent).join("/")).join("/");

/** Takes over a file of prices, or only says what that changes. */
export const takePrices = (body: Schemas["PriceOrder"]) => answerOf(client.POST("/api/v1/prices/import", { body }));

/** Prices the past anew by the price book in force. */
export const restatePrices = (from: string, of: PastPrices["of"]) =>
  answerOf(client.POST("/api/v1/prices/restate", { body: { from, of } }));

export const getRoles = () => answerOf(client.GET("/api/v1/roles"));
export const getSources = ({ signal }: Ends) => answerOf(client.GET("/api/v1/sources", { signal }));

/** The same without what of theirs is charged elsewhere. */
export const getRhythms = ({ signal }: Ends) =>
  answerOf(client.GET("/api/v1/sources", { signal, params: { query: { with: "none" } } }));

/** Gives a role to a person, who is named by id or by what a source calls them. */
export async function giveRole(who: string, role: Role, scope: Schemas["Scope"]): Promise<unknown> {
  const { principal } = await answerOf(client.POST("/api/v1/people/find", { body: { who } }));
  return answerOf(
    client.POST("/api/v1/people/{principal}/roles", { params: { path: { principal } }, body: { role, scope } }),
  );
}

export const takeRole = ({ principal, role, scope }: GivenRole) => {
  const { business_unit, team, application } = scope;
  const query = {
    role,
    ...(business_unit && { business_unit }),
    ...(team && { team }),
    ...(application && { application }),
  };
  return answerOf(client.DELETE("/api/v1/people/{principal}/roles", { params: { path: { principal }, query } }));
};

export const getViews = () => answerOf(client.GET("/api/v1/views"));
export const dropView = (name: string) =>
  answerOf(client.DELETE("/api/v1/views/{name}", { params: { path: { name } } }));

/** Names a view anew: it is kept under the new name before the old one goes. */
export async function renameView(view: Page, name: string): Promise<unknown> {
  await answerOf(client.POST("/api/v1/views", { body: { name, page: view.page, query: view.query } }));
  return dropView(view.name);
}
