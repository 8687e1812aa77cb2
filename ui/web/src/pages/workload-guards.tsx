import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Fault } from "../api/client";
import { getGuardrails, type Guardrails } from "../api/guardrails";
import { units } from "../lib/decimal";
import { count } from "../lib/format";
import { AskedMenu } from "../ui/asked-menu";
import { useView } from "../ui/house";
import { Panel } from "../ui/listing";
import { GuardKeys } from "./workload-guards-keys";
import { GuardLimits } from "./workload-guards-limits";
import "./control.css";
import { askedOf } from "./settings-pages";

interface Props {
  kind: "workflow" | "agent";
  name: string;
}

/** What a workflow or agent may do: who answers for it, which limits it meets, and by which keys it calls. */
export function Guards({ kind, name }: Props) {
  const currency = useView().view.cur ?? "";
  const asked = useQuery<Guardrails, Fault>({
    queryKey: ["ledger", "guardrails", kind, name, currency],
    queryFn: ({ signal }) => getGuardrails(kind, name, currency, signal),
  });
  const exports = askedOf(`/api/v1/guardrails/${kind}/${encodeURIComponent(name)}`, "guardrails", {
    csv: true,
    query: currency ? { currency } : {},
    command: `bursar register guardrails '${name.replaceAll("'", "'\\''")}' --kind ${kind}`,
  });
  return (
    <Panel
      title="Guardrails in force"
      note="now, whatever the range above; where it runs is told by its calls of 30 days"
      end={<AskedMenu name="the guardrails" asked={exports} />}
      asked={asked}
      show={(g) => (
        <>
          <Owner g={g} />
          <GuardLimits g={g} />
          <GuardKeys g={g} />
        </>
      )}
    />
  );
}

function Owner({ g: { kind, name, owner, calls } }: { g: Guardrails }) {
  const heard = `${count(units(String(calls)))} calls in 30 days`;
  if (!owner.team)
    return (
      <p className="inset">
        Nobody answers for it; {heard}. <code>{`bursar register claim ${name} --kind ${kind} --team TEAM`}</code> says
        who does, as{" "}
        <Link to="/quality" search={(old) => old}>
          Quality
        </Link>{" "}
        can.
      </p>
    );
  return (
    <p className="inset">
      Team <b>{owner.team}</b> answers for it, as the {owner.team_by} says
      {owner.purpose && `: ${owner.purpose}`}; {heard}.
    </p>
  );
}
