import { useInfiniteQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";

/** An instant to the minute, in UTC. */
export const minute = (text: string | undefined): string => (text ? text.slice(0, 16).replace("T", " ") : "\u2013");

/** A list by pages of the server: more is asked for, nothing is skipped. */
export function usePages<T>(name: string, get: (cursor: string) => Promise<{ items: T[]; next: string }>) {
  const asked = useInfiniteQuery({
    queryKey: ["settings", name],
    queryFn: ({ pageParam }) => get(pageParam),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });
  const more = asked.hasNextPage && (
    <p className="inset">
      <button className="control" onClick={() => void asked.fetchNextPage()}>
        Show more
      </button>
    </p>
  );
  return {
    data: asked.data?.pages.flatMap((p) => p.items),
    error: asked.error as Fault | null,
    refetch: asked.refetch,
    more,
  };
}
