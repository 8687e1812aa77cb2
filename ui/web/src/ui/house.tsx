import {
  isCancelledError,
  keepPreviousData,
  useQuery,
  useQueryClient,
  type Query,
  type UseQueryResult,
} from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouterState } from "@tanstack/react-router";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { getOutcomes, getSpend, type Answer, type Fault, type Outcomes, type Session } from "../api/client";
import { follow } from "../api/live";
import { effectsOf } from "../lib/effect";
import { asWhere, beyond, bounded, narrow, readFilter, writeFilter, type Condition } from "../lib/filter";
import { cut } from "../lib/grain";
import { dayOf, zoneOf } from "../lib/time";
import { rangeOf, readView, windowOf, type Question, type View, type Window } from "../lib/view";

/** Whose accounts are shown, by which clock, and whether the page hears of what is booked. */
interface House {
  session: Session;
  hears: boolean;
  now: () => number;
}

const HouseContext = createContext<House | null>(null);

/** Gives the house to everything inside it, and asks anew when something was booked. */
export function HouseProvider({ session, children }: { session: Session; children: ReactNode }) {
  const [hears, setHears] = useState(false);
  const queries = useQueryClient();
  const due = useRef(0);
  const skew = Date.parse(session.now) - Date.now();
  const [offset] = useState(skew);
  useEffect(
    () =>
      follow({
        hears: setHears,
        pulse: (latest) => queries.setQueryData(["pulse"], latest),
        booked: () => {
          if (due.current) return;
          due.current = window.setTimeout(() => {
            due.current = 0;
            const goesOn = (one: Query): boolean => !isCancelledError(one.state.error); // what was stopped stays so
            void queries.invalidateQueries({ queryKey: ["ledger"], predicate: goesOn });
          }, 2500);
        },
      }),
    [queries],
  );
  const house = { session, hears, now: () => Date.now() + offset };
  return <HouseContext.Provider value={house}>{children}</HouseContext.Provider>;
}

export function useHouse(): House {
  const house = useContext(HouseContext);
  if (!house) throw new Error("a part of the page stands outside of the house");
  return house;
}

const root = getRouteApi("__root__");

/** The one value that a page is about; everything inside it asks of that alone. */
export const ScopeContext = createContext<{ dimension: string; key: string } | null>(null);

interface Viewed {
  view: View;
  window: Window;
  chosen: Condition[]; // of its filter, beside the scope of whoever looks
  change: (part: Partial<View>) => void;
}

/** The view of the address, its window, and the way to change it. */
export function useView(): Viewed {
  const given = readView({ ...root.useSearch() }); // the router passes on what it was not told to drop
  const scope = useContext(ScopeContext);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { session, now } = useHouse();
  const f = scope
    ? writeFilter(narrow(bounded(given.f, session.within), scope.dimension, scope.key))
    : writeFilter(bounded(given.f, session.within));
  const view = { ...given, range: rangeOf(given, path), ...(f && { f }) };
  if (path !== "/explore") delete view.zone;
  if (view.cur === session.currency || effectsOf(path, view).currency) delete view.cur;
  const own = (c: Condition): boolean => c.dimension === scope?.dimension && !c.not;
  const navigate = useNavigate();
  const change = (part: Partial<View>): void =>
    void navigate({
      to: ".",
      search: (old: View) => ({
        ...readView({ ...old }),
        ...(scope && part.f ? { ...part, f: without(part.f, own) } : part),
      }),
    });
  const chosen = beyond(readFilter(view.f ?? ""), session.within);
  return { view, window: cut(windowOf(view, dayOf(now(), session.zone), session.begins), view.gran), chosen, change };
}

/** The zone in which times are shown. Days begin in that of the organisation, whatever is chosen. */
export function useZone(): string {
  const { tz } = readView({ ...root.useSearch() });
  const { session } = useHouse();
  return zoneOf(tz, session.zone);
}

// without leaves out the condition that the page itself stands for.
const without = (f: string, own: (c: Condition) => boolean): string | undefined =>
  writeFilter(readFilter(f).filter((c) => !own(c))) || undefined;

/** Asks the ledger; while the next question is answered the last answer stays, dimmed. */
export const useSpend = (question: Question, enabled = true): UseQueryResult<Answer, Fault> =>
  useQuery<Answer, Fault>({
    queryKey: ["ledger", "spend", question],
    queryFn: ({ signal }) => getSpend(question, signal),
    enabled,
    placeholderData: keepPreviousData,
  });

/** Asks about all that whoever looks may read, whatever the filter says. */
export function useAll(question: Question): Question {
  const own = bounded(undefined, useHouse().session.within).map(asWhere);
  return own.length > 0 ? { ...question, where: [...own, ...(question.where ?? [])] } : question;
}

/** The question what the spend of a window has bought. */
export const boughtOf = (view: View, w: { since: string; until: string }) => ({
  ...(w.since && { since: w.since }),
  ...(w.until && { until: w.until }),
  ...(view.cur && { currency: view.cur }),
});

/** Asks what the spend of a window has bought. */
export const useOutcomes = (w: Window): UseQueryResult<Outcomes, Fault> => {
  const { view } = useView();
  const query = boughtOf(view, w);
  return useQuery<Outcomes, Fault>({
    queryKey: ["ledger", "outcomes", query],
    queryFn: ({ signal }) => getOutcomes(query, signal),
    placeholderData: keepPreviousData,
  });
};
