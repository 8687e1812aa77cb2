import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { retryNotice, type Notice, type NoticeList } from "../api/budget";
import type { Fault } from "../api/client";
import { Facts } from "../ui/detail";
import { Trouble } from "../ui/trouble";
import { STATES } from "./alert-state";
import { scopeFilter, whoseOf } from "./scope";

/** One notice: what it told, to whom, and a way to send it again. */
export function AlertDetail({ notice: n }: { notice: Notice }) {
  const queries = useQueryClient();
  const retry = useMutation<NoticeList, Fault>({
    mutationFn: () => retryNotice(n),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["ledger", "notices"] }),
  });
  const filter = scopeFilter(n.scope);
  return (
    <>
      <Facts
        facts={[
          ["State", STATES[n.state]],
          ["Whose calls", whoseOf(n)],
          ...n.facts.filter((fact) => fact.name !== "Of").map((fact): [string, string] => [fact.name, fact.value]),
          ["Owner", n.owner || "nobody is named"],
          ["Channel", n.channel || "none"],
          ["Told of at", n.at],
          ["Tries", String(n.tries)],
          ["Next try", n.next ?? ""],
          ["Why it did not arrive", n.state === "delivered" ? "" : (n.why ?? "")],
        ]}
      />
      {filter && (
        <p>
          <Link className="quiet" to="/explore" search={(old) => ({ ...old, f: filter, state: undefined })}>
            Show the spend of these calls
          </Link>
        </p>
      )}
      {n.state === "given_up" && n.channel === "" && (
        <p className="soft">
          It was for nobody: name a channel for its owner in the file of <code>notices.channels</code>, and try again.
        </p>
      )}
      {n.state === "given_up" && (
        <button className="control" disabled={retry.isPending} onClick={() => retry.mutate()}>
          {retry.isPending ? "Trying…" : "Try again"}
        </button>
      )}
      {retry.error && <Trouble fault={retry.error} again={() => retry.mutate()} />}
    </>
  );
}
