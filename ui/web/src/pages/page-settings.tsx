import "./control.css";
import "./settings.css";
import { Link, useParams } from "@tanstack/react-router";
import { HouseStrip } from "../ui/house-strip";
import { Documents } from "./settings-documents";
import { Keys } from "./settings-keys";
import { Audit } from "./settings-audit";
import { People } from "./settings-people";
import { Prices } from "./settings-prices";
import { Rights } from "./settings-rights";
import { Views } from "./settings-views";

const PARTS = [
  { id: "keys", name: "Keys", show: <Keys /> },
  { id: "prices", name: "Prices", show: <Prices /> },
  {
    id: "people",
    name: "People and roles",
    show: (
      <>
        <People />
        <Rights />
      </>
    ),
  },
  { id: "views", name: "Saved views", show: <Views /> },
  { id: "documents", name: "Organisation and rules", show: <Documents /> },
  { id: "audit", name: "Audit trail", show: <Audit /> },
];

/** Who may do what, what is in force, and who changed it. */
export default function Settings() {
  const { part = "keys" } = useParams({ strict: false });
  const shown = PARTS.find((one) => one.id === part);
  return (
    <>
      <div className="head">
        <h1>Settings</h1>
        <p className="soft">whatever the range and the filter say; each change is in the audit trail</p>
      </div>
      <HouseStrip />
      <div className="controls tabs" role="navigation" aria-label="Parts of the settings">
        {PARTS.map(({ id, name }) => (
          <Link
            className="control tab"
            key={id}
            to="/settings/$part"
            params={{ part: id }}
            search={(old) => ({ ...old, q: undefined, price: undefined, tier: undefined, add: undefined })}
            aria-current={id === part ? "page" : undefined}
          >
            {name}
          </Link>
        ))}
        <Link className="quiet" to="/quality">
          Quality of the figures
        </Link>
      </div>
      {shown?.show ?? (
        <section className="card way">
          <h2>There is no such part</h2>
          <p className="soft">Choose one of those above.</p>
        </section>
      )}
    </>
  );
}
