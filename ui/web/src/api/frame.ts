// What the frame of the pages asks: values to filter by, and views that were named.

import { answerOf, client } from "./client";
import type { components } from "./schema";

export type Values = components["schemas"]["DimensionValues"];
export type SavedView = components["schemas"]["View"];
export type SavedViews = components["schemas"]["ViewList"];

/** A search for values of a dimension; what is "" is not asked for. */
export interface Search {
  q: string;
  since: string;
  until: string;
  where: string[];
}

export const getValues = (dimension: string, search: Search, signal: AbortSignal): Promise<Values> => {
  const given = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== "" && value.length > 0));
  return answerOf(
    client.GET("/api/v1/dimensions/{dimension}/values", {
      params: { path: { dimension }, query: given as unknown as Record<string, string> },
      signal,
    }),
  );
};

export const getViews = (signal: AbortSignal): Promise<SavedViews> => answerOf(client.GET("/api/v1/views", { signal }));

export const keepView = (view: Pick<SavedView, "name" | "page" | "query">): Promise<SavedViews> =>
  answerOf(client.POST("/api/v1/views", { body: view as SavedView }));

export const dropView = (name: string): Promise<unknown> =>
  answerOf(client.DELETE("/api/v1/views/{name}", { params: { path: { name } } }));
