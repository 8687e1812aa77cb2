import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { GuardKey, Guardrails } from "../api/guardrails";
import { units } from "../lib/decimal";
import { count } from "../lib/format";
import { long } from "../lib/time";
import { Detail, Facts } from "../ui/detail";
import { Listing } from "../ui/listing";
import { scopeOf, useMoment } from "./settings-pages";

const listed = (names: string[] | undefined, all: string): string => names?.join(", ") || all;
const text = (n: number): string => count(units(String(n)));

/** The keys that may call as something, with what each may ask for; secrets are nowhere. */
export function GuardKeys({ g }: { g: Guardrails }) {
  const at = useMoment();
  const [open, setOpen] = useState<GuardKey | null>(null);
  if (g.keys === null) return <p className="inset soft">Its keys are shown to who manages keys.</p>;
  return (
    <>
      <h3 className="inset">Keys that may call as it</h3>
      <Listing<GuardKey>
        label="Keys that may call as it"
        lines={g.keys}
        idOf={(key) => key.prefix}
        none={<NoKey g={g} />}
        open={setOpen}
        fields={[
          { name: "Key", show: (key) => key.name },
          { name: "Scope", show: (key) => scopeOf(key.scope) },
          { name: "Models", show: (key) => listed(key.bounds.models, "all") },
          { name: "Endpoints", show: (key) => listed(key.bounds.endpoints, "all") },
          { name: "Ends", show: (key) => (key.expires ? at(key.expires) : "never") },
          { name: "Calls as it, 30 days", figure: true, show: (key) => text(key.calls) },
        ]}
      />
      {g.more_keys > 0 && <p className="inset soft">and {text(g.more_keys)} more keys that may.</p>}
      {g.elsewhere > 0 && (
        <p className="inset soft">
          {text(g.elsewhere)} {g.elsewhere === 1 ? "key is" : "keys are"} of another scope: whatever such a key names,
          its calls are of that scope.
        </p>
      )}
      <Detail title={open && open.name} close={() => setOpen(null)}>
        {open && (
          <>
            <Facts
              facts={[
                ["Prefix", open.prefix],
                ["Scope", scopeOf(open.scope)],
                ["Workflow of every call", open.bounds.workflow ?? ""],
                ["Environment of every call", open.bounds.environment ?? ""],
                ["Models", listed(open.bounds.models, "all")],
                ["Endpoints", listed(open.bounds.endpoints, "all")],
                ["Last used", open.last_used ? `${long(open.last_used)}, by days in UTC` : "never"],
                ["Ends", open.expires ? at(open.expires) : "never"],
              ]}
            />
            <p>
              <Link to="/settings/$part" params={{ part: "keys" }} search={(old) => old}>
                It is rotated and revoked in Settings
              </Link>
            </p>
          </>
        )}
      </Detail>
    </>
  );
}

function NoKey({ g: { kind, name } }: { g: Guardrails }) {
  const bound = kind === "workflow" ? ` --workflow ${name}` : "";
  return (
    <>
      No key in force may call as it.{" "}
      <code>{`bursar key create --name ${name} --application APPLICATION${bound} --model 'MODEL*' --expires 90d`}</code>{" "}
      makes one.
    </>
  );
}
