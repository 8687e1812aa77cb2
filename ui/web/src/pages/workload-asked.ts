// What is asked of workflows and agents beside their spend.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getPulse, getWorkloads, type Fault, type Pulse, type Workload, type Workloads } from "../api/client";
import type { Question } from "../lib/view";

/** The same question to workflows or agents, with parts. */
export function queryOf(question: Question, parts: string) {
  const { by: _, measures: __, compare: ___, ...rest } = question;
  return { ...rest, with: parts };
}

/** Asks for the parts that stand beside the figures, by the same question; null until they are known. */
export function usePartsOnce(kind: "workflows" | "agents", question: Question, parts: string) {
  const query = queryOf(question, parts);
  const asked = useQuery<Workloads, Fault>({
    queryKey: ["ledger", kind, query],
    queryFn: ({ signal }) => getWorkloads(kind, query, signal),
    placeholderData: keepPreviousData,
  });
  return asked.data ? new Map(asked.data.rows.map((row) => [row.name, row])) : null;
}

/** The same, where nothing is said of what is not known yet. */
export const useParts = (...asked: Parameters<typeof usePartsOnce>): Map<string, Workload> =>
  usePartsOnce(...asked) ?? new Map<string, Workload>();

/** The latest pulse: the stream puts it in place, and it is asked for when the stream is lost. */
export const usePulse = () =>
  useQuery<Pulse, Fault>({ queryKey: ["pulse"], queryFn: ({ signal }) => getPulse(signal), refetchInterval: 10_000 });

const BUSY = 20; // calls of a run in a minute from which it is asked what is usual

/** How many calls half of the runs of an agent take at most; asked when a run makes many in this minute. */
export function useUsual(pulse: Pulse | undefined): Map<string, number> {
  const busy = pulse?.runs.some((run) => run.calls_minute >= BUSY) ?? false;
  const query = { since: "30d", top: "200", with: "per_run" };
  const asked = useQuery<Workloads, Fault>({
    queryKey: ["usual", query],
    queryFn: ({ signal }) => getWorkloads("agents", query, signal),
    enabled: busy,
    staleTime: 600_000,
  });
  const known = asked.data?.rows.filter((row) => row.per_run !== null) ?? [];
  return new Map(known.map((row) => [row.name, row.per_run?.calls_p50 ?? 0]));
}
