import { useState, type FormEvent } from "react";
import { issue, type TokenKind } from "../api/keeping";
import { useHouse } from "../ui/house";
import { said } from "../ui/said";

const READS = "may read everything";
const TELLS = "may report for everybody";
/** What a key may do that names no team and no application; the server refuses such a lead. */
const UNBOUND: Record<TokenKind, string> = {
  gateway: "may call for everybody",
  events: TELLS,
  telemetry: TELLS,
  imports: TELLS,
  outcomes: TELLS,
  viewer: READS,
  lead: "",
  finance: READS,
  admin: "may do everything",
};

const NEVER = "0";
const ENDS = [
  [NEVER, "ends never"],
  ["30", "ends after 30 days"],
  ["90", "ends after 90 days"],
  ["365", "ends after a year"],
] as const;

const EMPTY = { name: "", team: "", application: "" };
const blank = (text: string): boolean => text !== "" && !text.trim();

/** Makes a key; its secret is handed over once. */
export function NewKey({ made }: { made: (secret: string) => void }) {
  const { now } = useHouse();
  const [kind, setKind] = useState<TokenKind>("gateway");
  const [ends, setEnds] = useState<string>(NEVER);
  const [words, setWords] = useState(EMPTY);
  const [unsure, setUnsure] = useState(false);
  const [told, setTold] = useState("");
  const make = (): void => {
    const [name, team, application] = [words.name.trim(), words.team.trim(), words.application.trim()];
    const expires = new Date(now() + Number(ends) * 86_400_000).toISOString();
    const scope = { ...(team && { team }), ...(application && { application }) };
    setUnsure(false);
    issue({ kind, name, scope, ...(ends !== NEVER && { expires }) }).then(
      (issued) => {
        setWords({ ...words, name: "" });
        made(issued.secret ?? "");
      },
      (fault: unknown) => setTold(said(fault)),
    );
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTold("");
    const spaces = Object.entries(words).find(([, text]) => blank(text));
    if (spaces) setTold(`The ${spaces[0]} is spaces alone, which nobody sees.`);
    else if (!words.team && !words.application && UNBOUND[kind]) setUnsure(true);
    else make();
  };
  const field = (id: keyof typeof EMPTY, placeholder: string) => (
    <input
      aria-label={`${placeholder} of the key`}
      placeholder={placeholder}
      required={id === "name"}
      value={words[id]}
      onChange={(e) => {
        setWords({ ...words, [id]: e.target.value });
        setUnsure(false);
      }}
    />
  );
  return (
    <form className="key-form" onSubmit={submit}>
      <select
        aria-label="Kind of key"
        value={kind}
        onChange={(e) => {
          setKind(e.target.value as TokenKind);
          setUnsure(false);
        }}
      >
        {Object.keys(UNBOUND).map((k) => (
          <option key={k}>{k}</option>
        ))}
      </select>
      {field("name", "Name")}
      {field("team", "Team")}
      {field("application", "Application")}
      <select aria-label="End of the key" value={ends} onChange={(e) => setEnds(e.target.value)}>
        {ENDS.map(([days, text]) => (
          <option key={days} value={days}>
            {text}
          </option>
        ))}
      </select>
      <button className="control">Make a key</button>
      <span role="status">
        {unsure && (
          <>
            Without a team and an application this key {UNBOUND[kind]}.{" "}
            <button type="button" className="quiet" onClick={make}>
              Make it so
            </button>{" "}
            <button type="button" className="quiet" onClick={() => setUnsure(false)}>
              Name one
            </button>
          </>
        )}
      </span>
      <span className="error" role="alert">
        {told}
      </span>
    </form>
  );
}
