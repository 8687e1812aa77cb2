import { Link } from "@tanstack/react-router";
import { Keys } from "./settings-keys";
import { Applied, Audit } from "./settings-parts";

/** Who may do what, what is in force, and who changed it. */
export default function Settings() {
  return (
    <>
      <div className="head">
        <h1>Settings</h1>
        <p className="soft">keys, the documents that are in force, and the audit trail</p>
        <Link className="quiet" to="/quality">
          Quality of the figures
        </Link>
      </div>
      <Keys />
      <Applied />
      <Audit />
    </>
  );
}
