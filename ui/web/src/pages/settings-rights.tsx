import { useQuery } from "@tanstack/react-query";
import type { Fault } from "../api/client";
import type { RoleTable } from "../api/keeping";
import { AskedMenu } from "../ui/asked-menu";
import { Panel } from "../ui/listing";
import { askedOf } from "./settings-pages";
import { ROLES } from "./settings-people";

/** What each role may do, as the server decides it. */
export function Rights() {
  const asked = useQuery<RoleTable, Fault>(ROLES);
  return (
    <Panel
      title="What each role may do"
      note="keys have the role of their kind: ingest for events, telemetry and imports"
      end={<AskedMenu name="the rights" asked={askedOf("/api/v1/roles", "rights", { csv: true })} />}
      asked={asked}
      show={({ roles, rights }) => (
        <div className="scroll" tabIndex={0} role="region" aria-label="What each role may do">
          <table className="rights">
            <thead>
              <tr>
                <th scope="col">Right</th>
                {roles.map((role) => (
                  <th scope="col" key={role} className="left">
                    {role}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rights.map(({ action, reach, second }) => (
                <tr key={action}>
                  <th scope="row">
                    {action.replace(".", ": ").replaceAll("_", " ")}
                    {second && <span className="soft">, by somebody else than who prepared it</span>}
                  </th>
                  {roles.map((role) => (
                    <td key={role} className="left">
                      {reach[role] ?? <span className="soft">{"\u2013"}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    />
  );
}
