import { useState, type FormEvent } from "react";
import { issue, type TokenKind } from "../api/keeping";
import { said } from "../ui/said";

const KINDS: TokenKind[] = [
  "gateway",
  "events",
  "telemetry",
  "imports",
  "outcomes",
  "viewer",
  "lead",
  "finance",
  "admin",
];

/** Makes a key; its secret is handed over once. */
export function NewKey({ made }: { made: (secret: string) => void }) {
  const [kind, setKind] = useState<TokenKind>("gateway");
  const [name, setName] = useState("");
  const [team, setTeam] = useState("");
  const [application, setApplication] = useState("");
  const [told, setTold] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTold("");
    issue(kind, name, { ...(team && { team }), ...(application && { application }) }).then(
      (issued) => {
        setName("");
        made(issued.secret ?? "");
      },
      (fault: unknown) => setTold(said(fault)),
    );
  };
  return (
    <form className="key-form" onSubmit={submit}>
      <select aria-label="Kind of key" value={kind} onChange={(e) => setKind(e.target.value as TokenKind)}>
        {KINDS.map((k) => (
          <option key={k}>{k}</option>
        ))}
      </select>
      <input
        aria-label="Name of the key"
        placeholder="Name"
        required
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <input aria-label="Team of the key" placeholder="Team" value={team} onChange={(e) => setTeam(e.target.value)} />
      <input
        aria-label="Application of the key"
        placeholder="Application"
        value={application}
        onChange={(e) => setApplication(e.target.value)}
      />
      <button className="control">Make a key</button>
      <span className="error" role="alert">
        {told}
      </span>
    </form>
  );
}
