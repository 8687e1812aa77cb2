import { useInfiniteQuery } from "@tanstack/react-query";
import type { Scope } from "../api/budget";
import type { Fault } from "../api/client";
import { moment } from "../lib/time";
import type { Asked } from "../ui/asked-menu";
import { useZone } from "../ui/house";
import { scopeText } from "./scope";

/** Writes instants to the minute, in the zone that is chosen. */
export function useMoment(): (text: string | undefined) => string {
  const zone = useZone();
  return (text) => (text ? moment(text, zone).replaceAll(" ", "\u00a0") : "\u2013");
}

/** A list by pages of the server: more is asked for, nothing is skipped. */
export function usePages<T>(name: string[], get: (cursor: string) => Promise<{ items: T[]; next: string }>) {
  const asked = useInfiniteQuery({
    queryKey: ["settings", ...name],
    queryFn: ({ pageParam }) => get(pageParam),
    initialPageParam: "",
    getNextPageParam: (last) => last.next || undefined,
  });
  const more = asked.hasNextPage && (
    <p className="inset">
      <button className="control" disabled={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
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

/** Writes how far a key or a role reaches. */
export const scopeOf = (scope: Scope): string => (Object.keys(scope).length > 0 ? scopeText(scope) : "everything");

/** What a panel asked, as the export menu gives it away; commands are those of a shell. */
export function askedOf(path: string, file: string, more: Partial<Asked> = {}): Asked {
  const query = more.query ?? {};
  const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  const address = `${location.origin}${path}${text && `?${text}`}`;
  return { path, query, file, command: `curl -H "Authorization: Bearer $BURSAR_TOKEN" '${address}'`, ...more };
}
