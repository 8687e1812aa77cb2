// What the pages of budgets and alerts ask.

import { answerOf, client } from "./client";
import type { components } from "./schema";

export type BudgetList = components["schemas"]["BudgetList"];
export type Standing = components["schemas"]["BudgetStanding"];
export type Courses = components["schemas"]["BudgetCourses"];
export type Course = components["schemas"]["BudgetCourse"];
export type NoticeList = components["schemas"]["NoticeList"];
export type Notice = components["schemas"]["Notice"];
export type Scope = components["schemas"]["Scope"];

export const getBudgets = (query: { limit: string; currency?: string }, signal: AbortSignal): Promise<BudgetList> =>
  answerOf(client.GET("/api/v1/budgets", { params: { query }, signal }));

/** How the open windows are used up, step by step. */
export const getCourses = (limit: string, signal: AbortSignal): Promise<Courses> =>
  answerOf(client.GET("/api/v1/budgets/course", { params: { query: { limit } }, signal }));

export const getNotices = (query: { state?: string; limit: string }, signal: AbortSignal): Promise<NoticeList> =>
  answerOf(client.GET("/api/v1/notices", { params: { query }, signal }));

/** Tries a notice again that was given up. */
export const retryNotice = (notice: Notice): Promise<NoticeList> =>
  answerOf(
    client.POST("/api/v1/notices/retry", { body: { message: notice.message, channel: notice.channel } }),
  ) as Promise<NoticeList>;
