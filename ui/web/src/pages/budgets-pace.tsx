import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { getCourses, type Course, type Courses } from "../api/budget";
import type { Fault } from "../api/client";
import { age } from "../lib/time";
import { AskedMenu } from "../ui/asked-menu";
import { useHouse } from "../ui/house";
import { Panel } from "../ui/listing";
import { CourseChart } from "./budget-course";
import { scopeText } from "./scope";
import { askedOf } from "./settings-pages";

const LIMIT = "200";
const FEW = 6;

/** Names one window of a budget. */
export const idOf = (s: { budget: string; each?: Record<string, string>; from?: string | null }): string =>
  [s.budget, ...Object.values(s.each ?? {}), s.from ?? ""].join("\u0000");

/** How the open windows are used up; the server asks the ledger every few minutes. */
export const useCourses = (): UseQueryResult<Courses, Fault> =>
  useQuery<Courses, Fault>({
    queryKey: ["budget-courses"],
    queryFn: ({ signal }) => getCourses(LIMIT, signal),
    staleTime: 120_000,
  });

/** A curve for each budget: what is used by now, against an even pace and what is expected. */
export function PacePanel(p: { courses: UseQueryResult<Courses, Fault>; open: (id: string) => void }) {
  const { now } = useHouse();
  const [all, setAll] = useState(false);
  const items = p.courses.data?.items ?? [];
  if (p.courses.data && items.length === 0) return null; // windows of runs, minutes and hours have no course
  const asked = askedOf("/api/v1/budgets/course", "budget-courses", { query: { limit: LIMIT }, csv: true });
  return (
    <Panel
      title="Pace"
      note={`booked so far${p.courses.data ? ` as of ${age(now() - Date.parse(p.courses.data.at))}` : ""}; dots: even pace to the limit; dashes and band: what is expected, and where 80% of such windows end`}
      end={
        <>
          {items.length > FEW && (
            <button className="quiet" onClick={() => setAll(!all)}>
              {all ? `Show the fullest ${FEW}` : `Show all ${items.length}`}
            </button>
          )}
          <AskedMenu name="these courses" asked={asked} />
        </>
      }
      asked={p.courses}
      show={({ items: shown, at }) => (
        <ul className="courses">
          {shown.slice(0, all ? shown.length : FEW).map((course) => (
            <li key={idOf(course)}>
              <button className="quiet" onClick={() => p.open(idOf(course))}>
                {nameOf(course)}
              </button>
              <CourseChart course={course} at={at} />
            </li>
          ))}
        </ul>
      )}
    />
  );
}

const nameOf = (c: Course): string => (c.each ? `${c.budget}, ${scopeText({}, c.each)}` : c.budget);
