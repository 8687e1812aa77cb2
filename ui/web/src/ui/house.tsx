import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import { getOutcomes, getSpend, type Answer, type Fault, type Outcomes, type Session } from "../api/client";
import { follow } from "../api/live";
import { dayOf } from "../lib/time";
import { readView, windowOf, type Question, type View, type Window } from "../lib/view";

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
        booked: () => {
          if (due.current) return;
          due.current = window.setTimeout(() => {
            due.current = 0;
            void queries.invalidateQueries({ queryKey: ["ledger"] });
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

/** The view of the address, its window, and the way to change it. */
export function useView(): { view: View; window: Window; change: (part: Partial<View>) => void } {
  const view = readView({ ...root.useSearch() }); // the router passes on what it was not told to drop
  const navigate = useNavigate();
  const { session, now } = useHouse();
  const change = (part: Partial<View>): void =>
    void navigate({ to: ".", search: (old: View) => ({ ...readView({ ...old }), ...part }) });
  return { view, window: windowOf(view, dayOf(now(), session.zone)), change };
}

/** Asks the ledger; while the next question is answered the last answer stays, dimmed. */
export const useSpend = (question: Question, enabled = true): UseQueryResult<Answer, Fault> =>
  useQuery<Answer, Fault>({
    queryKey: ["ledger", "spend", question],
    queryFn: ({ signal }) => getSpend(question, signal),
    enabled,
    placeholderData: keepPreviousData,
  });

/** Asks what the spend of a window has bought. */
export const useOutcomes = (w: Window): UseQueryResult<Outcomes, Fault> => {
  const query = { ...(w.since && { since: w.since }), ...(w.until && { until: w.until }) };
  return useQuery<Outcomes, Fault>({
    queryKey: ["ledger", "outcomes", query],
    queryFn: ({ signal }) => getOutcomes(query, signal),
    placeholderData: keepPreviousData,
  });
};
