import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Fault } from "../api/client";
import { getRoles, giveRole, takeRole, type GivenRole, type Role, type RoleTable } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";
import { askedOf, scopeOf } from "./settings-pages";

export const ROLES: { queryKey: string[]; queryFn: () => Promise<RoleTable> } = {
  queryKey: ["settings", "roles"],
  queryFn: getRoles,
};

/** Which people have a role, and giving and taking one. People are told by id alone. */
export function People() {
  const asked = useQuery<RoleTable, Fault>(ROLES);
  const queries = useQueryClient();
  const anew = (): void => void queries.invalidateQueries({ queryKey: ["settings"] });
  return (
    <Panel
      title="People with a role"
      note={
        <>
          by id alone; <code>bursar person list</code> says who they are, and is noted in the audit trail
        </>
      }
      end={<AskedMenu name="the roles of people" asked={askedOf("/api/v1/roles", "roles", { csv: true })} />}
      asked={asked}
      show={({ given }) => (
        <>
          <Give done={anew} />
          <Listing<GivenRole>
            label="People with a role"
            lines={given}
            idOf={(g) => `${g.principal} ${g.role} ${scopeOf(g.scope)}`}
            none="No person has a role yet: whoever signs in does so with an admin key."
            fields={[
              { name: "Person", show: (g) => <code>{g.principal}</code> },
              { name: "Role", show: (g) => g.role },
              { name: "Scope", show: (g) => scopeOf(g.scope) },
              { name: "Change it", show: (g) => <Take given={g} done={anew} /> },
            ]}
          />
        </>
      )}
    />
  );
}

const FOR_PEOPLE: Role[] = ["viewer", "lead", "finance", "admin"];

function Give({ done }: { done: () => void }) {
  const [who, setWho] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [team, setTeam] = useState("");
  const [told, setTold] = useState("");
  const scoped = role === "viewer" || role === "lead";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTold("");
    giveRole(who, role, scoped && team ? { team } : {}).then(
      () => {
        setWho("");
        done();
      },
      (fault: unknown) => setTold(said(fault)),
    );
  };
  return (
    <form className="key-form" onSubmit={submit}>
      <input
        aria-label="Who gets a role"
        className="wide"
        placeholder="Id, or what a source calls the person"
        required
        value={who}
        onChange={(e) => setWho(e.target.value)}
      />
      <select aria-label="Role" value={role} onChange={(e) => setRole(e.target.value as Role)}>
        {FOR_PEOPLE.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      {scoped && (
        <input
          aria-label="Team of the role"
          placeholder={role === "lead" ? "Team" : "Team, or all"}
          required={role === "lead"}
          value={team}
          onChange={(e) => setTeam(e.target.value)}
        />
      )}
      <button className="control">Give the role</button>
      <span className="error" role="alert">
        {told}
      </span>
    </form>
  );
}

function Take({ given, done }: { given: GivenRole; done: () => void }) {
  const [sure, setSure] = useState(false);
  const [told, setTold] = useState("");
  if (!sure)
    return (
      <button
        className="quiet"
        aria-label={`Take it: ${given.role} from ${given.principal}`}
        onClick={() => setSure(true)}
      >
        Take it
      </button>
    );
  return (
    <>
      It ends at once.{" "}
      <button
        className="quiet"
        autoFocus
        onClick={() => void takeRole(given).then(done, (fault: unknown) => setTold(said(fault)))}
      >
        Take the role of {given.role}
      </button>{" "}
      <button className="quiet" onClick={() => setSure(false)}>
        Keep it
      </button>
      <span role="status">{told}</span>
    </>
  );
}
